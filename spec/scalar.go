package spec

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"gopkg.in/yaml.v3"
)

func integer(f *Field, n *yaml.Node) (int64, error) {
	if n.Tag == "!!int" {
		if v, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, 64); err == nil {
			return v, nil
		}
		return 0, fmt.Errorf("it does not fit in 64 bits")
	}
	if f.Type != Bytes {
		return 0, fmt.Errorf("write a whole number")
	}
	if !sizeUnit.MatchString(n.Value) {
		return 0, fmt.Errorf("write it as 10GiB or as a number of bytes")
	}
	v, err := humanize.ParseBytes(n.Value)
	if err != nil || v > 1<<62 {
		return 0, fmt.Errorf("it is no size that fits in 64 bits")
	}
	return int64(v), nil
}

// decimal reads a number, whole or not.
func decimal(n *yaml.Node) (any, error) {
	if n.Tag != "!!int" && n.Tag != "!!float" {
		return nil, fmt.Errorf("write a number")
	}
	if v, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, 64); err == nil {
		return v, nil
	}
	v, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return nil, fmt.Errorf("write a finite number")
	}
	return number(json.Number(strconv.FormatFloat(v, 'g', -1, 64))), nil
}

// checkText checks a string's enum, length and pattern.
func (l *loader) checkText(file, path string, f *Field, n *yaml.Node) bool {
	v := n.Value
	if len(f.Enum) > 0 && !f.allows(v) {
		hint := didYouMean(v, f.Enum)
		if f.OpenEnum {
			l.diags.Warnf(pos(file, n), hint, "%s: %q is not a value known to this version", path, v)
			return true
		}
		if hint == "" {
			hint = "allowed: " + strings.Join(f.Enum, ", ")
		}
		l.diags.Errorf(pos(file, n), hint, "%s: %q is not allowed", path, v)
		return false
	}
	length := len([]rune(v))
	switch {
	case length < f.MinLen:
		l.diags.Errorf(pos(file, n), "", "%s is to have at least %s", path, Counted(f.MinLen, "character"))
	case f.MaxLen > 0 && length > f.MaxLen:
		l.diags.Errorf(pos(file, n), "", "%s is to have at most %s, not %d", path, Counted(f.MaxLen, "character"), length)
	case f.Pattern != "" && !l.catalog.pattern(f.Pattern).MatchString(v):
		l.diags.Errorf(pos(file, n), "it is to match "+f.Pattern, "%s: %q does not look right", path, v)
	case f.Norm == CIDR && !isCIDR(v):
		l.diags.Errorf(pos(file, n), "write an address or a block: 10.0.0.0/16", "%s: %q is not an IP address or CIDR block", path, v)
	case f.Norm == Instant && !isInstant(v):
		l.diags.Errorf(pos(file, n), "write it as 2027-03-31T18:00:00Z", "%s: %q is no moment in time", path, v)
	case f.Norm == JSONDoc && !json.Valid([]byte(v)):
		l.diags.Errorf(pos(file, n), "write it in single quotes: '{\"a\": 1}'", "%s: this is not valid JSON", path)
	default:
		if block, wide := widened(v); f.Norm == CIDR && wide {
			l.diags.Warnf(pos(file, n), "write it so, or the address alone", "%s: %s is all of %s", path, v, block)
		}
		return true
	}
	return false
}

// allows tells whether a field's enum has a value, in whatever spelling counts
// as the same.
func (f *Field) allows(v string) bool {
	return slices.ContainsFunc(f.Enum, func(known string) bool { return known == v || f.Norm == Fold && f.Canon(known) == f.Canon(v) })
}

func isInstant(v string) bool {
	_, err := time.Parse(time.RFC3339, v)
	return err == nil
}
