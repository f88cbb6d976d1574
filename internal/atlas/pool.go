package atlas

import "sync"

const (
	// most and longest bound what a pool keeps: texts that come again and again
	// are short, and few.
	most, longest = 1 << 16, 100
)

// A pool keeps one copy of each text of what was read: the names of members, of
// people and of roles come thousands of times.
type pool struct {
	mu    sync.Mutex
	texts map[string]any
}

// share returns decoded JSON whose texts are shared with what came before.
func (p *pool) share(doc any) any {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.texts == nil {
		p.texts = map[string]any{}
	}
	return p.walk(doc)
}

func (p *pool) walk(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v)) // no larger than it has to be
		for k, e := range v {
			out[p.text(k).(string)] = p.walk(e)
		}
		return out
	case []any:
		for i := range v {
			v[i] = p.walk(v[i])
		}
	case string:
		return p.text(v)
	}
	return v
}

func (p *pool) text(s string) any {
	if known, ok := p.texts[s]; ok {
		return known
	}
	var v any = s
	if len(s) <= longest && len(p.texts) < most {
		p.texts[s] = v
	}
	return v
}
