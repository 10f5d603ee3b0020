package market

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/intake"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// ImportPlan says how an export becomes gigs.
type ImportPlan struct {
	Source    string       // names the other catalogue; with the listing's own name it makes an import repeatable
	Seller    ident.Member // who offers the gigs, unless the file names sellers
	Category  string       // for rows of a file that has no categories
	Days      int          // of rows that do not say
	Revisions int
	DryRun    bool // look at everything, write nothing

	Refused  func(intake.Fault) error // called for each refused row, in order
	Progress func(ImportCount)        // called after each batch
}

// ImportCount is how far an import is.
type ImportCount struct {
	Rows     int // read so far, the header not counted
	Imported int // became gigs, or would in a dry run
	Already  int // were imported before
	Refused  int
}

const (
	importBatch    = 200       // rows of one transaction
	importRemember = 1_000_000 // rows that are compared with each other
)

// ImportGigs reads a catalogue to its end. Every good row becomes an active gig
// with one package; a bad one is refused by itself. Each batch is one durable
// transaction, and a row is known again by the source and its own name, so an
// import that was killed is simply run again. Errors: fault.SignIn and
// fault.NotFound unless the actor runs the house; fault.Invalid beside seller.
func (m *Market) ImportGigs(ctx context.Context, who member.Actor, file *intake.File, columns intake.Mapping, plan ImportPlan) (ImportCount, error) {
	if err := who.NeedOperator(); err != nil {
		return ImportCount{}, err
	}
	i := importer{
		m: m, who: who, file: file, columns: columns, plan: plan, policy: m.Policy(),
		ways: map[string][]gig.Category{}, sellers: map[string]ident.Member{}, seen: map[uint64]int{}, seed: maphash.MakeSeed(),
	}
	return i.run(ctx)
}

type importer struct {
	m       *Market
	who     member.Actor
	file    *intake.File
	columns intake.Mapping
	plan    ImportPlan
	policy  policy.Version
	count   ImportCount
	ways    map[string][]gig.Category // categories known to be stored
	sellers map[string]ident.Member   // by address; "" for an unknown one
	seen    map[uint64]int            // hash of the ref → line
	seed    maphash.Seed
}

// candidate is a row that passed every check that needs no database.
type candidate struct {
	listing intake.Listing
	body    gig.Body
	seller  ident.Member
}

func (i *importer) run(ctx context.Context) (ImportCount, error) {
	var batch []candidate
	for {
		record, err := i.file.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return i.count, errors.Join(err, i.flush(ctx, batch))
		}
		if err == nil {
			i.count.Rows++
			c, bad, err := i.candidate(ctx, record)
			if err != nil {
				return i.count, err
			}
			if bad != nil {
				if err := i.refuse(*bad); err != nil {
					return i.count, err
				}
			} else {
				batch = append(batch, c)
			}
		}
		if len(batch) == importBatch || errors.Is(err, io.EOF) || i.count.Rows%(10*importBatch) == 0 {
			if err := i.flush(ctx, batch); err != nil {
				return i.count, err
			}
			batch = batch[:0]
		}
		if errors.Is(err, io.EOF) {
			return i.count, nil
		}
	}
}

func (i *importer) refuse(f intake.Fault) error {
	i.count.Refused++
	if i.plan.Refused == nil {
		return nil
	}
	return i.plan.Refused(f)
}

func (i *importer) candidate(ctx context.Context, r intake.Record) (candidate, *intake.Fault, error) {
	l, bad := i.columns.Listing(r, i.policy.Currency)
	if bad != nil {
		return candidate{}, bad, nil
	}
	c := candidate{listing: l, seller: i.plan.Seller}
	if len(l.Category) == 0 {
		c.listing.Category = []string{i.plan.Category}
	}
	if l.Seller != "" {
		seller, err := i.sellerOf(ctx, l.Seller)
		if err != nil {
			return c, nil, err
		}
		if c.seller = seller; seller == "" {
			return c, &intake.Fault{Line: l.Line, Column: i.columns.Column(intake.FieldSeller), Reason: "is no seller of this house", Value: l.Seller}, nil
		}
	}
	c.body = bodyOf(l, i.plan, i.policy)
	err := gig.Check(c.body, i.policy)
	for _, name := range c.listing.Category {
		if err == nil {
			_, err = gig.NewCategory("", nil, name)
		}
	}
	return c, i.fault(l, err), nil
}

// fault turns what a rule says about a gig into words about the row.
func (i *importer) fault(l intake.Listing, err error) *intake.Fault {
	var e *fault.Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return &intake.Fault{Line: l.Line, Reason: err.Error()}
	}
	field := slices.Sorted(maps.Keys(e.Fields))[0]
	if _, short := e.Fields["title"]; short { // what is made of a bad title is bad too
		field = "title"
	}
	var column, value string
	switch {
	case field == "title":
		column, value = intake.FieldTitle, l.Title
	case field == "packages.0.price":
		column, value = intake.FieldPrice, l.Price.Plain()
	case field == "packages.0.days":
		column, value = intake.FieldDays, strconv.Itoa(l.Days)
	case field == "packages.0.revisions":
		column, value = intake.FieldRevisions, strconv.Itoa(l.Revisions)
	case field == "name", field == "parent":
		column, value = intake.FieldCategory, strings.Join(l.Category, " > ")
	case strings.HasPrefix(field, "tags"):
		column, value = intake.FieldTags, strings.Join(l.Tags, ", ")
	default:
		column = intake.FieldDescription
	}
	return &intake.Fault{Line: l.Line, Column: i.columns.Column(column), Reason: e.Fields[field], Value: value}
}

// bodyOf makes one package of a listing. What the file does not say is left
// unsaid, never invented; the gig's page tells where it comes from.
func bodyOf(l intake.Listing, plan ImportPlan, p policy.Version) gig.Body {
	description := l.Description
	if len([]rune(description)) < gig.MinDescription {
		description = strings.TrimSpace("I will " + l.Title + ".\n\n" + description)
	}
	days, revisions := l.Days, l.Revisions
	if days == 0 {
		days = plan.Days
	}
	switch revisions {
	case -1:
		revisions = plan.Revisions
	case intake.Unlimited:
		revisions = p.Limits.PackageRevisions
	}
	tags := l.Tags[:min(len(l.Tags), p.Limits.GigTags)]
	return gig.Body{
		Title: l.Title, Description: description, Currency: p.Currency, Tags: tags,
		Packages: []gig.Package{{Tier: gig.Basic, Name: "Basic", Description: "I will " + l.Title + ".", Price: l.Price.Minor, Days: days, Revisions: revisions}},
	}
}

func (i *importer) sellerOf(ctx context.Context, email string) (ident.Member, error) {
	if id, known := i.sellers[email]; known {
		return id, nil
	}
	id, err := i.m.SellerByEmail(ctx, email)
	if err != nil && fault.KindOf(err) == "" {
		return "", err
	}
	if len(i.sellers) < 10_000 {
		i.sellers[email] = id
	}
	return id, nil
}

// SellerByEmail finds a seller by address. Errors: fault.Invalid beside seller.
func (m *Market) SellerByEmail(ctx context.Context, email string) (ident.Member, error) {
	who, err := m.memberByEmail(ctx, email)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", fault.Invalid("seller", "Nobody is known by the address "+email+".")
	case err == nil && who.Seller == nil:
		return "", fault.Invalid("seller", email+" has no seller profile yet; they open one under Become a seller.")
	}
	return who.ID, err
}

func (m *Market) memberByEmail(ctx context.Context, email string) (who member.Member, err error) {
	err = m.store.View(ctx, func(tx *store.Tx) (err error) {
		who, err = tx.MemberByEmail(member.Email(email))
		return err
	})
	return who, err
}

// catalogueAddress is of a kind that no applicant may have.
const catalogueAddress = "catalogue@guildhall.invalid"

// CatalogueSeller is the member who offers imported gigs that nobody else
// offers: made at its first use, with a password that nobody knows.
func (m *Market) CatalogueSeller(ctx context.Context) (ident.Member, error) {
	who, err := m.memberByEmail(ctx, catalogueAddress)
	if errors.Is(err, store.ErrNotFound) {
		if err := m.makeCatalogueSeller(ctx); err != nil && !store.IsDuplicate(err, "members.email") {
			return "", err
		}
		who, err = m.memberByEmail(ctx, catalogueAddress)
	}
	if err != nil || who.Seller != nil {
		return who.ID, err
	}
	_, err = m.OpenShop(ctx, who.Actor(), "", member.Shop{Tagline: "Listings brought in from another catalogue"})
	return who.ID, err
}

func (m *Market) makeCatalogueSeller(ctx context.Context) error {
	hash, err := m.HashPassword(ctx, ident.Secret())
	if err != nil {
		return err
	}
	now := m.Now()
	_, err = m.admit(ctx, member.Member{
		ID: ident.New[ident.Member](m.ids, now), Email: catalogueAddress, Name: "Imported catalogue", Zone: "UTC", Created: now, Version: 1,
	}, hash, now)
	return err
}

// flush writes a batch in one transaction, or looks whether it could be written.
func (i *importer) flush(ctx context.Context, batch []candidate) error {
	in := i.m.store.Update
	if i.plan.DryRun {
		in = i.m.store.View
	}
	var done outcome
	err := in(ctx, func(tx *store.Tx) error {
		done = outcome{ways: map[string][]gig.Category{}} // the closure may run twice
		for _, c := range batch {
			if err := i.one(tx, c, &done); err != nil {
				return fmt.Errorf("line %d: %w", c.listing.Line, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(i.ways) > 10_000 { // a file that calls every row its own category
		clear(i.ways)
	}
	maps.Copy(i.ways, done.ways)
	i.count.Imported += done.imported
	i.count.Already += done.already
	for _, f := range done.refused {
		if err := i.refuse(f); err != nil {
			return err
		}
	}
	if i.plan.Progress != nil {
		i.plan.Progress(i.count)
	}
	return nil
}

type outcome struct {
	imported, already int
	refused           []intake.Fault
	ways              map[string][]gig.Category
}

// one writes one gig, unless its listing is known.
func (i *importer) one(tx *store.Tx, c candidate, done *outcome) error {
	old, err := tx.ImportedFrom(i.plan.Source, c.listing.Ref)
	if err != nil {
		return err
	}
	before := i.sameBefore(c.listing)
	switch {
	case before != 0 && (old != "" || i.plan.DryRun):
		done.refused = append(done.refused, intake.Fault{Line: c.listing.Line, Reason: "is the same listing as line " + strconv.Itoa(before), Value: c.listing.Title})
		return nil
	case old != "":
		done.already++
		return nil
	case i.plan.DryRun:
		done.imported++
		return nil
	}
	way, err := i.way(tx, c.listing.Category, done)
	if fault.KindOf(err) == fault.KindInvalid {
		done.refused = append(done.refused, *i.fault(c.listing, err))
		return nil
	}
	if err != nil {
		return err
	}
	now := i.m.Now()
	g := i.gig(now, c, way)
	if err := tx.AddGig(g, way); err != nil {
		return err
	}
	if err := tx.MarkImported(i.plan.Source, c.listing.Ref, g.ID, c.listing.Line); err != nil {
		return err
	}
	done.imported++
	return tx.Carry(effect.Set{Events: []effect.Event{{
		Stream: string(g.ID), Seq: 1, Kind: gig.EventImported, At: now, Actor: i.who.Member, Role: i.who.Role,
		To: string(g.State), Detail: effect.Detail{Facts: map[string]string{"source": i.plan.Source, "line": strconv.Itoa(c.listing.Line)}},
	}}})
}

func (i *importer) gig(now time.Time, c candidate, way []gig.Category) gig.Gig {
	id := ident.New[ident.Gig](i.m.ids, now)
	return gig.Gig{
		ID: id, Seller: c.seller, Category: way[len(way)-1].ID, State: gig.StateActive, Slug: gig.Slug(c.body.Title, id),
		Created: now, Updated: now, Version: 1, Source: i.plan.Source, Body: c.body,
	}
}

// way finds or makes the categories that a listing names.
func (i *importer) way(tx *store.Tx, names []string, done *outcome) ([]gig.Category, error) {
	key := strings.Join(names, "\n")
	if way, ok := i.ways[key]; ok {
		return way, nil
	}
	if way, ok := done.ways[key]; ok {
		return way, nil
	}
	var way []gig.Category
	for _, name := range names {
		c, err := i.m.categoryBelow(tx, way, name)
		if err != nil {
			return nil, err
		}
		way = append(way, c)
	}
	done.ways[key] = way
	return way, nil
}

// sameBefore is the line of the same listing earlier in the file, 0 for none.
// It remembers a bounded number of rows.
func (i *importer) sameBefore(l intake.Listing) int {
	hash := maphash.String(i.seed, l.Ref)
	line := i.seen[hash]
	if line == 0 && len(i.seen) < importRemember {
		i.seen[hash] = l.Line
	}
	if line == l.Line { // the same batch, looked at once more
		return 0
	}
	return line
}
