package spec

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"gopkg.in/yaml.v3"
)

// A vocabulary is what files of the catalogue's kinds can say: it tells a
// word that need not be hidden from what may be a secret in a wrong place.
type vocabulary struct {
	known     map[string]bool // the names of fields, sections and headers
	texts     map[string]bool // those that take a text of the user's
	lists     map[string]bool // those that take a list of such
	sensitive map[string]bool // those whose values are references
}

func vocabularyOf(c *Catalog) *vocabulary {
	v := &vocabulary{known: map[string]bool{}, texts: map[string]bool{}, lists: map[string]bool{"protect": true}, sensitive: map[string]bool{}}
	for _, name := range []string{"apiVersion", "kind", "prune", "protect", "match", "state", "until", "replace", varsName, withoutName, BaselineKind, "fromEnv", "fromFile", "true", "false"} {
		v.known[name] = true
	}
	for _, name := range slices.Concat(PolicyWords, RuleWords, MatchWords, ExemptionWords) {
		v.known[name] = true
	}
	if c == nil {
		return v
	}
	for _, k := range c.Kinds() {
		v.known[k.Name], v.known[k.Section], v.known[k.Ident], v.texts[k.Ident] = true, true, true, true
		v.fields(k.Fields)
	}
	delete(v.known, "")
	return v
}

func (v *vocabulary) fields(fields []Field) {
	for i := range fields {
		f := &fields[i]
		v.known[f.Name] = true
		switch {
		case f.Sensitive:
			v.sensitive[f.Name] = true
		case len(f.Enum) > 0:
		case f.Type == String || f.Type == Path:
			v.texts[f.Name] = true
		case (f.Type == Set || f.Type == List) && len(f.Fields) == 0:
			v.lists[f.Name] = true
		}
		v.fields(f.Fields)
	}
}

// looksSecret finds names that promise a secret; surelySecret those that do so
// even in a sentence.
var (
	looksSecret  = compiled(`(?i)secret|pass|pwd|pword|^pw$|auth|key|token|credential|private`)
	surelySecret = compiled(`(?i)secret|passw|passphrase|pwd|token|credential|(api|private|access|account)[-_]?key`)
)

// sensitiveKey tells whether the value of a key is not to be shown: the key is
// a sensitive field, is nearly spelt like one, or sounds like one and is unknown.
func (v *vocabulary) sensitiveKey(name string) bool {
	return v.sensitive[name] || !v.known[name] && (looksSecret().MatchString(name) || v.misspelt(name))
}

// misspelt tells whether a word is nearly the name of a sensitive field.
func (v *vocabulary) misspelt(word string) bool {
	for name := range v.sensitive {
		most := max(1, len(name)/4)
		if d := len(word) - len(name); d <= most && -d <= most && levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(name)) <= most {
			return true
		}
	}
	return false
}

var wordPattern = compiled(`[\pL\pN_-]+`)

// mentions tells whether a text holds a word that names a secret, or is only near
// the name of one. sure asks for what does so in a sentence too.
func (v *vocabulary) mentions(text string, sure bool) bool {
	return slices.ContainsFunc(wordPattern().FindAllString(text, -1), func(word string) bool {
		return v.names(word, sure) || !v.known[word] && v.misspelt(word)
	})
}

// speaks tells whether a sentence of a person's tells of a secret: a word that
// is only near the name of one ("account") does not.
func (v *vocabulary) speaks(text string) bool {
	return slices.ContainsFunc(wordPattern().FindAllString(text, -1), func(word string) bool { return v.names(word, true) })
}

func (v *vocabulary) names(word string, sure bool) bool {
	sounds := looksSecret
	if sure {
		sounds = surelySecret
	}
	return v.sensitive[word] || !v.known[word] && sounds().MatchString(word)
}

// spells tells whether a text holds the very name of a sensitive field, one
// that is no word of the language.
func (v *vocabulary) spells(text string) bool {
	for _, word := range wordPattern().FindAllString(text, -1) {
		if v.sensitive[word] && word != strings.ToLower(word) {
			return true
		}
	}
	return false
}

const (
	minSecret    = 16 // characters of a value that can be a key
	minHexSecret = 32 // of one in hex: shorter ones are Atlas's ids
)

var (
	hexDigits = regexp.MustCompile(`^[0-9a-fA-F]+$`)
	plainName = compiled(`^[A-Z0-9_]+$|^[a-z0-9 ._-]+$|^https?://[^?]*$|^\S+@\S+\.\S+$|^\d{4}-\d\d-\d\d`)
)

// looksLikeSecret tells whether a value is made like keys and passwords are:
// long, without blanks, of several sorts of characters.
func looksLikeSecret(value string) bool {
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(value, "-----BEGIN"), strings.HasPrefix(value, "mdb_sa_sk_"):
		return true
	case len(value) < minSecret || strings.ContainsFunc(value, unicode.IsSpace):
		return false
	case hexDigits.MatchString(value):
		return len(value) >= minHexSecret
	case plainName().MatchString(value):
		return false
	}
	var lower, upper, digit, other int
	for _, r := range value {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return digit+lower+upper+other >= 3 && digit == 1
}

// isReference tells whether a node says where a sensitive value is kept, as it
// should, so that there is nothing to hide in it.
func isReference(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 || n.Anchor != "" {
		return false
	}
	key, value := n.Content[0], n.Content[1]
	text := filledIn(value.Value)
	plain := value.Kind == yaml.ScalarNode && value.Anchor == "" && value.Tag == "!!str" && !strings.Contains(value.Value, "\n") && !looksLikeSecret(text)
	return plain && (key.Value == "fromFile" || key.Value == "fromEnv" && variableName.MatchString(text))
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
