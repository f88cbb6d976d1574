package reference

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/atlasctl/atlasctl-sync/spec"
)

// Words writes what each word of a KindDefinition means, as the comments on the structs
// say that files are decoded into: those of the package spec, in a directory, from Kind on.
func Words(dir string) ([]byte, error) {
	w := words{structs: map[string]*ast.TypeSpec{}, docs: map[string]string{}, names: map[string]bool{}}
	if err := w.parse(dir); err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("# The words of a KindDefinition\n\nWritten by `make generate`. [Kinds of your own](own-kinds.md) says how they are used;\n" +
		"the [literals](architecture.md#a-kind-is-data) have the same words, with a capital letter.\n")
	for order, i := []string{"Kind"}, 0; i < len(order); i++ {
		name := order[i]
		st := w.structs[name].Type.(*ast.StructType)
		fmt.Fprintf(&b, "\n## %s\n\n", w.title(name))
		if text := w.docs[name]; text != "" {
			fmt.Fprintf(&b, "%s\n\n", strings.Replace(w.sentence(text), " "+name+" ", " `"+spec.WordOf(name)+"` ", 1))
		}
		b.WriteString("| word | what it says |\n|---|---|\n")
		said := ""
		for _, f := range st.Fields.List {
			text := strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
			if text != "" {
				said = text
			}
			for _, id := range f.Names {
				if !id.IsExported() {
					continue
				}
				below, kind := w.typed(f.Type)
				if below != "" && !slices.Contains(order, below) {
					order = append(order, below)
				}
				if below != "" {
					kind = fmt.Sprintf("%s [%s](#%s)", kind, w.title(below), strings.ToLower(w.title(below)))
				}
				text := text
				switch {
				case text != "":
				case slices.Contains(strings.FieldsFunc(said, isNoLetter), id.Name): // one comment for several
					text = said
				case name == "Kind" || name == "Field" || w.docs[name] == "":
					return nil, fmt.Errorf("no comment says what %s.%s is", name, id.Name)
				default:
					text = "see above"
				}
				fmt.Fprintf(&b, "| `%s` | %s (%s) |\n", spec.WordOf(id.Name), strings.ReplaceAll(w.sentence(text), "|", "\\|"), strings.TrimSpace(kind))
			}
		}
	}
	return []byte(b.String()), nil
}

type words struct {
	structs map[string]*ast.TypeSpec
	docs    map[string]string // what stands above a struct
	names   map[string]bool   // of all fields
}

func (w *words) parse(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range gen.Specs {
				t, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				st, ok := t.Type.(*ast.StructType)
				if !ok {
					continue
				}
				w.structs[t.Name.Name] = t
				w.docs[t.Name.Name] = strings.Join(strings.Fields(gen.Doc.Text()), " ")
				for _, f := range st.Fields.List {
					for _, id := range f.Names {
						w.names[id.Name] = true
					}
				}
			}
		}
	}
	return nil
}

// title is how the page calls a struct.
func (w *words) title(name string) string {
	if name == "Kind" {
		return spec.DefinitionKind
	}
	return spec.WordOf(name)
}

// plain is how files write types that are no structs.
var plain = map[string]string{"bool": "true or false", "int": "number", "int64": "number", "any": "any value", "Duration": "duration, such as 20m",
	"Type": "type", "Norm": "norm", "Send": "nothing, changed, declared or overlay"}

// typed says which struct a field holds, if any, and how many or what else.
func (w *words) typed(e ast.Expr) (below, kind string) {
	switch t := e.(type) {
	case *ast.StarExpr:
		return w.typed(t.X)
	case *ast.SelectorExpr:
		return "", plain[t.Sel.Name]
	case *ast.ArrayType:
		below, kind = w.typed(t.Elt)
		return below, strings.TrimSpace("list of " + kind)
	case *ast.MapType:
		below, kind = w.typed(t.Value)
		return below, strings.TrimSpace("mapping of " + kind)
	case *ast.Ident:
		if w.structs[t.Name] != nil {
			return t.Name, ""
		}
		if said := plain[t.Name]; said != "" {
			return "", said
		}
		return "", t.Name
	}
	return "", ""
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) }

// goName finds what may be the name of a struct's field amid a sentence.
var goName = regexp.MustCompile(`([a-z,;:(] ?)\b([A-Z]\w*(?:\.[A-Z]\w*)*)\b`)

// sentence spells the names of fields in a comment as files do: where it begins with
// one, and amid sentences.
func (w *words) sentence(text string) string {
	if own, rest, _ := strings.Cut(text, " "); w.names[own] {
		text = "`" + spec.WordOf(own) + "` " + rest
	}
	return goName.ReplaceAllStringFunc(text, func(m string) string {
		parts := goName.FindStringSubmatch(m)
		names := strings.Split(parts[2], ".")
		for i, name := range names {
			if !w.names[name] || strings.HasSuffix(parts[1], "(") {
				return m
			}
			names[i] = spec.WordOf(name)
		}
		return parts[1] + "`" + strings.Join(names, ".") + "`"
	})
}
