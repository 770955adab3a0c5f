// A decision belongs to the object: what the user asks for behind what stands in it, and whether
// the decision that the object carries still holds.
//
// Only the record of the stored object is trusted: what it gives was judged once. A record that
// comes with the request (a webhook that is called again on its own result, an export that is
// applied elsewhere) is a claim about what the user wrote, and holds only if judging that gives
// just this object again.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "webhook/admission/judge.h"
#include "webhook/admission/record.h"

namespace ballast::webhook {

// Reads a record that names only what Ballast may write in an object of this kind. The error's
// `where` is the place in the record.
policy::Result<Record> ReadRecordFor(const k8s::Kind& kind, std::string_view text);

// The record that the stored object carries; none where it is damaged, or names what Ballast never
// writes.
std::optional<Record> StoredRecord(const Case& c);

// The object with what Ballast wrote given back to the user. `trusted`: the record is the stored
// one, so that what the user applies with this very request counts as his own words; an older
// last-applied text may just happen to say what Ballast wrote since.
nlohmann::json UserText(const Case& c, const Record& record, bool trusted);

// Whether the stored decision stands for this text: nothing else is asked for, and no new decision.
bool StillHolds(const Case& c, const Record& record, k8s::JsonView user_text);

// The record that came with the request, where it differs from the stored one and fits the object:
// it names only what Ballast may write, and holds what it says that Ballast wrote. The error says
// what betrays it.
policy::Result<Record> ClaimedRecord(const Case& c);

// Why the annotations that only Ballast may write cannot have been written by it; empty if they
// can. For /validate, which sees the object after /mutate has set them right.
std::string ForgedBecause(const Case& c);

}  // namespace ballast::webhook
