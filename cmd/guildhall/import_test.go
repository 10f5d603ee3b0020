package main

import (
	"os"
	"path/filepath"
	"testing"

	"guildhall/internal/intake"
)

// TestTheReportIsNotTheFile: a report named like the file that is read does not
// take its place.
func TestTheReportIsNotTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	const rows = "title,price\npaint your door,free\n"
	if err := os.WriteFile("gigs.csv", []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("gigs.csv", "other.csv"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"gigs.csv", "./gigs.csv", "other.csv"} {
		if _, err := openReport(path, "gigs.csv"); err == nil {
			t.Errorf("%s is taken for the report", path)
		}
	}
	r, err := openReport(filepath.Join(t.TempDir(), "refused.csv"), "gigs.csv")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.add(intake.Fault{Line: 2, Column: "price", Reason: "is not a price", Value: "=free"}); err != nil {
		t.Fatal(err)
	}
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	wrote, err := os.ReadFile(r.path)
	if err != nil || string(wrote) != "line,column,reason,value\n2,price,is not a price,'=free\n" {
		t.Errorf("wrote %q, %v", wrote, err)
	}
	if kept, err := os.ReadFile("gigs.csv"); err != nil || string(kept) != rows {
		t.Errorf("the file is now %q, %v", kept, err)
	}
}
