// The functions behind the table of rule elements, by family.
#pragma once

#include "rules/rule_elements.h"

namespace gander::rules {

// element_readers.cpp: place, correlation, texts to show, flags
void read_if_level(ElementReading& r);
void read_if_matched_sid(ElementReading& r);
void read_if_matched_group(ElementReading& r);
void read_if_matched_regex(ElementReading& r);
void read_category(ElementReading& r);
void read_check_diff(ElementReading& r);
void read_if_fts(ElementReading& r);
void read_ignore(ElementReading& r);
void read_check_if_ignored(ElementReading& r);
void read_group(ElementReading& r);
void read_description(ElementReading& r);
void read_info(ElementReading& r);
void read_cve(ElementReading& r);
void read_options(ElementReading& r);

// condition_readers.cpp: elements that become conditions at once
void read_srcip(ElementReading& r);
void read_dstip(ElementReading& r);
void read_decoded_as(ElementReading& r);
void read_time(ElementReading& r);
void read_weekday(ElementReading& r);
void read_compiled_rule(ElementReading& r);
void read_field(ElementReading& r);
void read_sensitive(ElementReading& r);
void read_list(ElementReading& r);

// A pattern or text of one slot; compiled when the whole rule is known.
template <Slot slot, Form form>
void read_text(ElementReading& r) {
  SlotTexts& texts = r.draft.text(slot);
  r.join(form == Form::Plain ? texts.plain : texts.pcre2);
}

template <std::optional<JoinedText> RuleDraft::*member>
void read_joined(ElementReading& r) {
  r.join(r.draft.*member);
}

// same_* and different_*.
template <bool ContextFlags::*flag>
void read_context(ElementReading& r) {
  r.draft.context.*flag = true;
  r.draft.context_asked = true;
}

// not_same_*: takes back an earlier same_* (which is all that 4.3 does), and says what is meant.
template <bool ContextFlags::*flag, bool ContextFlags::*cancelled>
void read_not_same(ElementReading& r) {
  r.draft.context.*flag = true;
  r.draft.context.*cancelled = false;
}

}  // namespace gander::rules
