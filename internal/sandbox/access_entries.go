package sandbox

import (
	"net/netip"
	"slices"
	"time"
)

// accessEntries are the addresses that a key or a service account may come
// from; without any, and unless its organization requires some, any will do.
type accessEntries []*accessEntry

type accessEntry struct {
	Block   string    `json:"cidrBlock"` // in its one spelling
	Created time.Time `json:"created"`
}

// address is what an entry for one address is also known by, else "".
func (e *accessEntry) address() string {
	if block, err := netip.ParsePrefix(e.Block); err == nil && block.IsSingleIP() {
		return block.Addr().String()
	}
	return ""
}

func (e *accessEntry) holds(address netip.Addr) bool {
	block, err := netip.ParsePrefix(e.Block)
	return err == nil && block.Contains(address)
}

func (all accessEntries) hold(address netip.Addr) bool {
	return slices.ContainsFunc(all, func(e *accessEntry) bool { return e.holds(address) })
}

// remoteAddress is where the request came from.
func (c *call) remoteAddress() netip.Addr {
	from, _ := netip.ParseAddrPort(c.request.RemoteAddr)
	return from.Addr().Unmap()
}

// checkAddress refuses a caller who comes from an address that is not on its
// access lists. Those of the organization and of the project both count. The
// sandbox's own credentials are let in from anywhere, or nobody could mend it.
func (c *call) checkAddress(who principal) error {
	if who.owner || who.org == nil {
		return nil
	}
	from, listed := c.remoteAddress(), false
	for _, owner := range []string{who.org.ID, c.param("groupId")} {
		if all := who.lists[owner]; len(all) > 0 {
			if listed = true; !all.hold(from) {
				return notOnAccessList(from)
			}
		}
	}
	if !listed && who.org.settings()["apiAccessListRequired"] == true {
		return notOnAccessList(from)
	}
	return nil
}

func notOnAccessList(from netip.Addr) error {
	return fail(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "IP address %s is not allowed to access this resource.", from)
}

// added are the entries with those of a request. An entry is one by what it lets in.
func (c *call) added(all accessEntries, body []map[string]any) (accessEntries, error) {
	all = slices.Clone(all)
	for _, item := range body {
		block, err := blockOfEntry(item)
		if err != nil {
			return nil, err
		}
		if all.find(block) != nil {
			return nil, fail(409, "DUPLICATE_ACCESS_LIST_ENTRY", "%s is on the access list already.", block)
		}
		all = append(all, &accessEntry{Block: block, Created: c.now})
		c.tell("whitelistEntry", block)
	}
	return all, nil
}

// blockOfEntry reads an entry of a request, which has one of its two members,
// or both as an answer has them.
func blockOfEntry(item map[string]any) (string, error) {
	found := ""
	for _, member := range []string{"cidrBlock", "ipAddress"} {
		text := textOf(item, member)
		if text == "" {
			continue
		}
		block, ok := blockOf(text)
		if !ok {
			return "", fail(400, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION", "The address %s must be in valid IP address or CIDR notation.", text)
		}
		if found != "" && found != block.String() {
			return "", fail(400, "CANNOT_SET_BOTH_IP_ADDRESS_AND_CIDR_BLOCK", "Should not specify both the IP address and the CIDR block.")
		}
		found = block.String()
	}
	if found == "" {
		return "", fail(400, "MISSING_ATTRIBUTES", "Either the cidrBlock attribute or the ipAddress attribute must be specified.")
	}
	return found, nil
}

func (all accessEntries) find(block string) *accessEntry {
	for _, e := range all {
		if e.Block == block {
			return e
		}
	}
	return nil
}

// entryOfPath finds the entry that the path names, by an address or a block.
func (c *call) entryOfPath(all accessEntries) (*accessEntry, error) {
	if e := all.find(canonicalEntry(c.param("ipAddress"))); e != nil {
		c.tell("whitelistEntry", e.Block)
		return e, nil
	}
	return nil, fail(404, "ACCESS_LIST_ENTRY_NOT_FOUND", "%s is not on the access list.", c.param("ipAddress"))
}

// without are the entries without the one that the path names. A caller cannot
// take its own address from itself.
func (c *call) without(all accessEntries, caller string) (accessEntries, error) {
	gone, err := c.entryOfPath(all)
	if err != nil {
		return nil, err
	}
	if c.caller == caller && gone.holds(c.remoteAddress()) {
		return nil, fail(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST", "Cannot remove caller's IP address from access list.")
	}
	return slices.DeleteFunc(slices.Clone(all), func(e *accessEntry) bool { return e == gone }), nil
}
