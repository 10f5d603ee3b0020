package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/ident"
	"guildhall/internal/intake"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

type importCmd struct {
	Gigs importGigsCmd `cmd:"" help:"Bring in the catalogue of another site from a CSV file."`
}

type importGigsCmd struct {
	houseFlags
	File      string            `arg:"" help:"The CSV file; - reads the input."`
	Map       map[string]string `help:"Which column is what: title=name,price=price,category=Category. Columns are matched without case, signs and broken bytes, or named by number: price=#5. Default: guessed and printed. Fields: title, price, category, subcategory, description, days, revisions, tags, seller (an e-mail address), currency, ref." mapsep:","`
	Seller    string            `help:"E-mail address of the seller who offers the gigs. Default: a seller named Imported catalogue, made for this."`
	Source    string            `help:"Name of the other catalogue; the same source and listing are never imported twice. Default: the file's name."`
	Category  string            `default:"Other" help:"For the rows of a file without categories."`
	Days      int               `default:"7" help:"Delivery time of rows that do not say."`
	Revisions int               `default:"1" help:"Revisions of rows that do not say."`
	Report    string            `help:"Where refused rows are written, as CSV with line, column, reason and value. Default: in the folder where this is run, named after the file and ending in .refused.csv."`
	Encoding  string            `default:"auto" help:"Like utf-8 or windows-1252; auto reads both, and utf-16."`
	Delimiter string            `default:"auto" help:"One character, or tab."`
	Currency  string            `help:"Of the prices; must be the house's, since nothing is converted."`
	DryRun    bool              `help:"Look at every row and write nothing but the report."`
	Quiet     bool              `short:"q" help:"Do not show progress."`
}

// Run imports the file. Refused rows do not make it fail; they are counted and reported.
func (c *importGigsCmd) Run(ctx context.Context) error {
	src, size, err := c.open()
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }() // it was only read
	counted := &counter{src: src}
	file, err := intake.Open(counted, intake.Options{Encoding: c.Encoding, Delimiter: c.Delimiter})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	columns, err := file.Map(c.Map)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	fmt.Fprintf(os.Stderr, "Reading %s as %s, columns parted by %q.\n", c.File, file.Encoding, string(file.Delimiter))
	fmt.Fprintf(os.Stderr, "Columns: --map %s\n", columns)
	for _, note := range file.Notes {
		fmt.Fprintln(os.Stderr, "Note: "+note)
	}
	cfg := c.config()
	cfg.Migrate = true
	house, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(c.run(ctx, house, file, columns, &progress{read: &counted.n, size: size, quiet: c.Quiet, from: time.Now()}), house.Close())
}

func (c *importGigsCmd) open() (io.ReadCloser, int64, error) {
	if c.File == "-" {
		return os.Stdin, 0, nil
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder", c.File)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

func (c *importGigsCmd) run(ctx context.Context, house *app.App, file *intake.File, columns intake.Mapping, p *progress) error {
	if own := string(house.Market.Policy().Currency); c.Currency != "" && !strings.EqualFold(c.Currency, own) {
		return fmt.Errorf("the prices are in %s, but this house counts in %s; convert the file first", c.Currency, own)
	}
	seller, err := c.seller(ctx, house.Market)
	if err != nil {
		return err
	}
	source := c.Source
	if source == "" {
		source = strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
	}
	refused, err := openReport(c.reportPath(), c.File)
	if err != nil {
		return err
	}
	n, err := house.Market.ImportGigs(ctx, member.House(), file, columns, market.ImportPlan{
		Source: source, Seller: seller, Category: c.Category, Days: c.Days, Revisions: c.Revisions, DryRun: c.DryRun,
		Refused: refused.add, Progress: p.show,
	})
	p.end()
	err = errors.Join(err, refused.close())
	c.sum(n, file, p)
	if err != nil {
		return fmt.Errorf("stopped after %d rows; what is imported stays, run the same command again to go on: %w", n.Rows, err)
	}
	return nil
}

func (c *importGigsCmd) seller(ctx context.Context, m *market.Market) (ident.Member, error) {
	switch {
	case c.Seller != "":
		return m.SellerByEmail(ctx, c.Seller)
	case c.DryRun:
		return "", nil
	}
	return m.CatalogueSeller(ctx)
}

func (c *importGigsCmd) reportPath() string {
	switch {
	case c.Report != "":
		return c.Report
	case c.File == "-":
		return "refused.csv"
	}
	return strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File)) + ".refused.csv"
}

func (c *importGigsCmd) sum(n market.ImportCount, file *intake.File, p *progress) {
	verb := "imported"
	if c.DryRun {
		verb = "would be imported"
	}
	fmt.Printf("%d rows: %d %s, %d were here already, %d refused; %s.\n", n.Rows, n.Imported, verb, n.Already, n.Refused, time.Since(p.from).Round(time.Millisecond))
	if n.Refused > 0 {
		fmt.Printf("Refused rows, with line, column and reason: %s\n", c.reportPath())
	}
	if file.Foreign() > 0 {
		fmt.Printf("%d fields were not utf-8 and were read as windows-1252; name the right one with --encoding if they look wrong.\n", file.Foreign())
	}
}

// report is the file of refused rows; it is made when the first one comes.
type report struct {
	path string
	file *os.File
	rows *csv.Writer
}

func openReport(path, source string) (*report, error) {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("the report %s is no file", path)
		}
		if read, err := os.Stat(source); err == nil && os.SameFile(info, read) {
			return nil, fmt.Errorf("the report %s would take the place of the file that is read; name another with --report", path)
		}
	}
	return &report{path: path}, nil
}

func (r *report) add(f intake.Fault) error {
	if r.file == nil {
		file, err := os.Create(r.path)
		if err != nil {
			return fmt.Errorf("the report of refused rows: %w", err)
		}
		r.file, r.rows = file, csv.NewWriter(file)
		if err := r.rows.Write([]string{"line", "column", "reason", "value"}); err != nil {
			return err
		}
	}
	return r.rows.Write([]string{strconv.Itoa(f.Line), inert(f.Column), f.Reason, inert(f.Value)})
}

// inert keeps a spreadsheet from taking a stranger's text for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func (r *report) close() error {
	if r.file == nil {
		return nil
	}
	r.rows.Flush()
	return errors.Join(r.rows.Error(), r.file.Close())
}

// counter counts the bytes that were read.
type counter struct {
	src io.Reader
	n   atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// progress writes one line that moves, at most four times a second; where the
// output is no screen, one line every ten seconds.
type progress struct {
	read  *atomic.Int64
	size  int64
	quiet bool
	from  time.Time
	last  time.Time
	wrote bool
}

func (p *progress) show(n market.ImportCount) {
	every, begin, end := 10*time.Second, "", "\n"
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		every, begin, end = 250*time.Millisecond, "\r", "\x1b[K"
		p.wrote = true
	}
	if p.quiet || time.Since(p.last) < every && !p.last.IsZero() {
		return
	}
	p.last = time.Now()
	read, rate := p.read.Load(), float64(n.Rows)/max(time.Since(p.from).Seconds(), 0.001)
	part := ""
	if p.size > 0 {
		part = fmt.Sprintf(" (%d %%)", read*100/p.size)
	}
	fmt.Fprintf(os.Stderr, "%s%.1f MB%s, %d rows, %.0f rows/s, %d new, %d known, %d refused%s",
		begin, float64(read)/1e6, part, n.Rows, rate, n.Imported, n.Already, n.Refused, end)
}

func (p *progress) end() {
	if p.wrote && !p.quiet {
		fmt.Fprintln(os.Stderr)
	}
}
