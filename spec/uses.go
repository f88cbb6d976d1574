package spec

// A Use is one call of a kind's, and what it is for.
type Use struct{ Route, Version, For string }

// Uses lists every call that a kind makes.
func (k *Kind) Uses() []Use {
	var out []Use
	read := func(r Read, what string) {
		if r.Route != "" {
			out = append(out, Use{r.Route, r.Version, what})
		}
	}
	write := func(calls []Call, what string) {
		for _, c := range calls {
			out = append(out, Use{c.Route, c.Version, what})
			if c.Wait != nil && c.Wait.Read != nil {
				read(*c.Wait.Read, "wait")
			}
		}
	}
	read(k.List, "list")
	read(k.Get, "read")
	if k.Keep != nil {
		read(k.Keep.Read, "prune")
	}
	if k.Across != nil {
		read(k.Across.Read, "export")
	}
	for _, f := range k.Fields {
		if f.Backref != nil {
			read(f.Backref.One, f.Name)
		}
	}
	write(k.Create, "create")
	write(k.Update, "update")
	write(k.Delete, "delete")
	if r := k.Rotation; r != nil && r.List != nil {
		read(*r.List, "secrets")
	}
	if r := k.Rotation; r != nil && !r.Once {
		write([]Call{r.Create, r.Delete}, "secrets")
	}
	return out
}
