package policy

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// Version is one immutable edition of the rulebook with the moment it takes
// effect. Orders pin the version they were placed under (rulebook section 14).
type Version struct {
	ID        ident.Policy
	Effective time.Time
	Document
}

// Document is the rulebook as data: every number of RULEBOOK.md, in its units.
type Document struct {
	Profile  string         `yaml:"profile"`  // classic or modern, or the operator's own name
	Currency money.Currency `yaml:"currency"` // of every order of the house

	Order        Order        `yaml:"order"`
	Clocks       Clocks       `yaml:"clocks"`
	Requests     Requests     `yaml:"requests"`
	Cancellation Cancellation `yaml:"cancellation"`
	Offers       Offers       `yaml:"offers"`
	Reviews      Reviews      `yaml:"reviews"`
	Standing     Standing     `yaml:"standing"`
	Desk         Desk         `yaml:"desk"`
	Conduct      Conduct      `yaml:"conduct"`
	Money        Money        `yaml:"money"`
	Limits       Limits       `yaml:"limits"`
}

// Order holds the numbers of section 3.
type Order struct {
	UnpaidLapse      Duration `yaml:"unpaid_lapse"`      // an unpaid order is abandoned after this long
	ReviewPeriod     Duration `yaml:"review_period"`     // silence after a delivery completes the order
	ReviewExtension  Duration `yaml:"review_extension"`  // what "more time" adds
	ReviewExtensions int      `yaml:"review_extensions"` // how often the buyer may ask for more time
	RevisionTarget   Duration `yaml:"revision_target"`   // reminder target of a revision; no effect on figures
	LateCancel       Duration `yaml:"late_cancel"`       // after due, with nothing delivered, the buyer may cancel
	StaleCancel      Duration `yaml:"stale_cancel"`      // the seller may cancel an order that never started
	StaleRefund      Duration `yaml:"stale_refund"`      // an order that never started is refunded by itself
	DuplicateWindow  Duration `yaml:"duplicate_window"`  // same buyer, same gig: "order again?"
	MaxQuantity      int      `yaml:"max_quantity"`      // of one package in one order
}

// Clocks holds the numbers of section 4.
type Clocks struct {
	UploadGrace           Duration   `yaml:"upload_grace"`           // an upload begun before due and finished within this counts as on time
	RequirementsReminders []Duration `yaml:"requirements_reminders"` // after payment, while the requirements are missing
	BeforeDue             Duration   `yaml:"before_due"`             // reminder to the seller
	BeforeCompletion      Duration   `yaml:"before_completion"`      // reminder to the buyer
	BeforeRequestEnds     Duration   `yaml:"before_request_ends"`    // reminder to whoever must answer
}

// Answer is what silence or an answer does to a request.
type Answer string

// The closed list of outcomes of section 5.
const (
	AnswerCancelMutual     Answer = "cancel_mutual"
	AnswerCancelUnanswered Answer = "cancel_unanswered"
	AnswerDeny             Answer = "deny"
	AnswerApply            Answer = "apply"
)

// Requests holds the numbers and the table of section 5.
type Requests struct {
	Answer             Duration               `yaml:"answer"`       // how long the other party has
	PerKind            int                    `yaml:"per_kind"`     // requests of a kind, per party and order
	SellerPause        Duration               `yaml:"seller_pause"` // what a seller's own requests may pause in all
	MaxExtensionDays   int                    `yaml:"max_extension_days"`
	MaxDiscountPercent Percent                `yaml:"max_discount_percent"`
	AdviseExtensions   int                    `yaml:"advise_extensions"` // accepted extensions …
	AdviseOrders       int                    `yaml:"advise_orders"`     // … in so many orders of a gig advise a longer delivery time
	Kinds              map[string]RequestKind `yaml:"kinds"`             // cancel, extend, add_extra, discount, swap
}

// RequestKind is one row of the table of section 5.
type RequestKind struct {
	OnAccept            Answer `yaml:"on_accept"`
	OnDecline           Answer `yaml:"on_decline"`
	OnSilence           Answer `yaml:"on_silence"`
	AfterDeliveryToDesk bool   `yaml:"after_delivery_to_desk,omitempty"` // a buyer's unanswered request becomes a case once something was delivered
}

// Class is how an order ended without being completed (section 6).
type Class string

// The closed list of classes.
const (
	ClassBeforeStart      Class = "before_start"
	ClassBeforeStartStale Class = "before_start_stale"
	ClassMutual           Class = "mutual"
	ClassUnanswered       Class = "unanswered"
	ClassLate             Class = "late"
	ClassForced           Class = "forced"
	ClassChargeback       Class = "chargeback"
	ClassModerated        Class = "moderated"
	ClassRefunded         Class = "refunded"
)

// Effect tells whether an ending enters somebody's record.
type Effect string

// The closed list of effects of section 6.
const (
	EffectNo           Effect = "no"
	EffectYes          Effect = "yes"
	EffectFaultSeller  Effect = "fault_seller"        // only when the fault is the seller's
	EffectFaultBuyer   Effect = "fault_buyer"         // only when the fault is the buyer's
	EffectUnresponsive Effect = "unless_unresponsive" // unless the buyer was silent through reminders
)

// Cancellation holds the matrix and the closed list of causes of section 6.
type Cancellation struct {
	Effects               []ClassEffect `yaml:"effects"`
	Causes                []Cause       `yaml:"causes"`
	UnresponsiveReminders int           `yaml:"unresponsive_reminders"`
	UnresponsiveSilence   Duration      `yaml:"unresponsive_silence"`
	ReviewShare           Percent       `yaml:"review_share"`  // no-fault cancellations above this share …
	ReviewWindow          Duration      `yaml:"review_window"` // … in this window open a review by the house
}

// ClassEffect is one row of the matrix. AskedBy is seller, buyer or empty for both.
type ClassEffect struct {
	Class   Class  `yaml:"class"`
	AskedBy string `yaml:"asked_by,omitempty"`
	Seller  Effect `yaml:"seller"`
	Buyer   Effect `yaml:"buyer"`
}

// Cause is one entry of the closed list, with the words shown to people.
type Cause struct {
	Name  string `yaml:"name"`
	Words string `yaml:"words"`
}

// Offers holds the numbers of section 7.
type Offers struct {
	Life         Duration `yaml:"life"`
	PaymentGrace Duration `yaml:"payment_grace"`
}

// Reviews holds the numbers of section 8.
type Reviews struct {
	Window           Duration               `yaml:"window"`
	Criteria         []Criterion            `yaml:"criteria"`
	CategoryCriteria map[string][]Criterion `yaml:"category_criteria,omitempty"` // by category slug
	MinText          int                    `yaml:"min_text"`                    // characters, if there is a text
	Amend            Duration               `yaml:"amend"`
	Reply            Duration               `yaml:"reply"`
	ReplyEdit        Duration               `yaml:"reply_edit"`
	ChallengeReasons []Cause                `yaml:"challenge_reasons"`
	DecisionDays     int                    `yaml:"decision_days"` // working days
}

// Criterion is one thing that a buyer rates with whole stars.
type Criterion struct {
	Name  string `yaml:"name"`
	Words string `yaml:"words"`
}

// Standing holds the numbers of section 9.
type Standing struct {
	Window         Duration `yaml:"window"` // of the rates
	RatingWindow   Duration `yaml:"rating_window"`
	Response       Duration `yaml:"response"`     // an answer within this counts
	EnforceFrom    int      `yaml:"enforce_from"` // ended orders below which the window reaches back further
	ReachBack      Duration `yaml:"reach_back"`
	DemotionDay    int      `yaml:"demotion_day"` // of the month, 00:00 UTC
	DemotionNotice Duration `yaml:"demotion_notice"`
	WarningLife    Duration `yaml:"warning_life"`
	Levels         []Level  `yaml:"levels"` // ascending
}

// Level is one rung of the ladder. A zero threshold asks nothing.
type Level struct {
	Name         string   `yaml:"name"`
	Days         int      `yaml:"days,omitempty"`
	Completed    int      `yaml:"completed,omitempty"`
	UniqueBuyers int      `yaml:"unique_buyers,omitempty"`
	Earned       Price    `yaml:"earned,omitempty"`
	Rating       Rating   `yaml:"rating,omitempty"`
	Completion   Percent  `yaml:"completion,omitempty"`
	OnTime       Percent  `yaml:"on_time,omitempty"`
	Response     Percent  `yaml:"response,omitempty"`
	NoWarnings   bool     `yaml:"no_warnings,omitempty"`
	Approval     bool     `yaml:"approval,omitempty"`  // a person's yes
	Clearance    Duration `yaml:"clearance,omitempty"` // replaces money.clearance
}

// Desk holds the numbers of section 11.
type Desk struct {
	FirstAnswer     Duration `yaml:"first_answer"`
	Appeal          Duration `yaml:"appeal"`
	TwoPersonsAbove Price    `yaml:"two_persons_above"`
	ChallengeDays   int      `yaml:"challenge_days"`
}

// Conduct holds the lists of section 12.
type Conduct struct {
	AllowedLinks   []string `yaml:"allowed_links"`
	Messengers     []string `yaml:"messengers"`
	OutsidePayment []string `yaml:"outside_payment"`
}

// Money holds the numbers of section 13.
type Money struct {
	BuyerFee      Percent  `yaml:"buyer_fee"`
	Commission    Percent  `yaml:"commission"`
	TipCommission Percent  `yaml:"tip_commission"`
	Clearance     Duration `yaml:"clearance"` // pending → available
	MinWithdrawal Price    `yaml:"min_withdrawal"`
	MinPrice      Price    `yaml:"min_price"` // of a package
	MaxPrice      Price    `yaml:"max_price"`
}

// Limits holds what a finished product must bound.
type Limits struct {
	GigPictures      int      `yaml:"gig_pictures"`
	GigTags          int      `yaml:"gig_tags"`
	GigExtras        int      `yaml:"gig_extras"`
	GigQuestions     int      `yaml:"gig_questions"`
	GigFAQ           int      `yaml:"gig_faq"`
	PackageDays      int      `yaml:"package_days"`
	PackageRevisions int      `yaml:"package_revisions"`
	UploadBytes      int64    `yaml:"upload_bytes"` // of one file
	FilesPerPost     int      `yaml:"files_per_post"`
	TextRunes        int      `yaml:"text_runes"` // of one message, delivery or answer
	SessionLife      Duration `yaml:"session_life"`
	ResetLife        Duration `yaml:"reset_life"` // of a forgotten-password link
}
