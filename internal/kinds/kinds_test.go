package kinds

import "testing"

func TestCatalogIsSound(t *testing.T) {
	for _, k := range Catalog().Kinds() {
		t.Log(k.Name)
	}
}
