package sandbox

import (
	"net/netip"
	"time"
)

var accessListPart = part{
	id: "accessList", name: "Project IP Access List", scope: perProject,
	resources: []*resource{accessList},
}

// accessList are the addresses that may reach a project's clusters. A creation
// is a list of entries, and writes over those that are there; the answer is the
// whole list.
var accessList = &resource{
	name: "accessList",
	list: "listGroupAccessListEntries", get: "getGroupAccessListEntry",
	create: "createGroupAccessListEntry", remove: "deleteGroupAccessListEntry",
	actions: []action{{operation: "getGroupAccessListStatus", do: func(_ *call, t *thing, _ map[string]any) (any, error) {
		return map[string]any{"STATUS": t.State}, nil
	}}},
	upsert:  true,
	params:  []string{"entryValue"},
	named:   func(c *call, t *thing) bool { return entryOf(t) == canonicalEntry(c.param("entryValue")) },
	same:    func(a, b *thing) bool { return entryOf(a) == entryOf(b) },
	missing: "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND",
	expires: "deleteAfterDate",
	cycle:   &cycle{created: "PENDING", next: map[string]string{"PENDING": "ACTIVE"}},
	prepare: prepareEntry,
	limit:   "atlas.project.security.networkAccess.entries", full: "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED",
	lane:   func(c *call) string { return c.param("groupId") },
	events: [3]string{"NETWORK_PERMISSION_ENTRY_ADDED", "NETWORK_PERMISSION_ENTRY_UPDATED", "NETWORK_PERMISSION_ENTRY_REMOVED"},
	tells:  func(t *thing) map[string]string { return map[string]string{"whitelistEntry": entryOf(t)} },
}

// entryOf is what an entry lets in, in the one spelling that tells entries
// apart: a block, or a security group.
func entryOf(t *thing) string {
	if block := t.text("cidrBlock"); block != "" {
		return block
	}
	return t.text("awsSecurityGroup")
}

// canonicalEntry brings the text of a path into the spelling of entryOf.
func canonicalEntry(text string) string {
	if block, ok := blockOf(text); ok {
		return block.String()
	}
	return text
}

// blockOf reads an address, or a block, whose host bits say nothing.
func blockOf(text string) (netip.Prefix, bool) {
	if block, err := netip.ParsePrefix(text); err == nil {
		return block.Masked(), true
	}
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		return netip.PrefixFrom(address, address.BitLen()), true
	}
	return netip.Prefix{}, false
}

// prepareEntry puts an entry into Atlas's form: an address has a block of its
// own, and such a block an address.
func prepareEntry(c *call, _ *thing, body map[string]any) error {
	given := ""
	for _, member := range []string{"cidrBlock", "ipAddress", "awsSecurityGroup"} {
		if textOf(body, member) == "" {
			delete(body, member) // as if it were not there
			continue
		}
		if given != "" && !sameEntry(body[given], body[member]) {
			return fail(400, "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY", "Should not specify both %s and %s.", given, member)
		}
		given = member
	}
	switch given {
	case "":
		return fail(400, "MISSING_ONE_OF_THREE_ATTRIBUTES", "Either the cidrBlock attribute, the ipAddress attribute, or the awsSecurityGroup attribute must be specified.")
	case "awsSecurityGroup":
		if body["deleteAfterDate"] != nil {
			return fail(400, "NETWORK_PERMISSION_EXPIRATION_NOT_SUPPORTED", "Expiration dates are only supported for IP addresses.")
		}
	default:
		block, ok := blockOf(textOf(body, given))
		if !ok {
			return fail(400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION", "The address %s must be in valid IP address or CIDR notation.", textOf(body, given))
		}
		body["cidrBlock"] = block.String()
		if delete(body, "ipAddress"); block.IsSingleIP() {
			body["ipAddress"] = block.Addr().String()
		}
	}
	return c.expiry(body, 7*24*time.Hour)
}

// sameEntry says whether two members mean the same: answers have both of an
// address, and may be sent back.
func sameEntry(a, b any) bool {
	one, ok := blockOf(a.(string))
	other, also := blockOf(b.(string))
	return ok && also && one == other
}
