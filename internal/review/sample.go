package review

import (
	"slices"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

func pick(t *turn, m Move) error {
	r, err := t.about()
	if err != nil {
		return err
	}
	move := m.(Pick)
	if !slices.Contains(move.Delivered, move.File) {
		return fault.Invalid("file", "Choose one of the files that you delivered in this order.")
	}
	if r.Sample != nil && r.Sample.File == move.File {
		return fault.Conflict("This file is offered already.")
	}
	r.Sample = &Sample{File: move.File, OfferedAt: t.now}
	t.sample(SampleOffered, move.File)
	return nil
}

func drop(t *turn, _ Move) error {
	r, err := t.about()
	if err != nil {
		return err
	}
	if r.Sample == nil {
		return fault.Conflict("No work sample is offered.")
	}
	file := r.Sample.File
	r.Sample = nil
	t.sample(SampleDropped, file)
	return nil
}

// consent is the buyer's word about the sample beside their own review. Said
// twice it changes nothing.
func consent(t *turn, m Move) error {
	r := t.p.ByBuyer
	if r == nil || r.Sample == nil || r.Removal != nil {
		return fault.Conflict("No work sample is offered.")
	}
	s, yes := r.Sample, m.(Consent).Yes
	switch {
	case yes && !s.Shown():
		s.AgreedAt, s.RefusedAt = t.now, zero
		t.sample(SampleAgreed, s.File)
	case !yes && s.RefusedAt.IsZero():
		s.RefusedAt = t.now
		t.sample(SampleRefused, s.File)
	}
	return nil
}

func (t *turn) sample(kind effect.Kind, f ident.File) {
	t.happen(kind, effect.Detail{Files: []ident.File{f}, Facts: map[string]string{FactBy: string(Buyer)}})
}
