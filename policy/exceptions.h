// Who may lift a rule, and for how long. A policy says it (`exceptions`), none by default; facts
// are never lifted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/labels.h"
#include "policy/policy.h"

namespace ballast::policy {

// Why this exception cannot lift the rule under the effective policy of its namespace, as a
// sentence for the user; empty where it can. Whether it has ended or is for another object is not
// asked. An exception without a time of its making must end within the longest duration from
// `now_seconds`.
std::string WhyNotLifted(const PolicyException& exception, std::string_view rule,
                         const Policy& effective, const Labels& namespace_labels,
                         int64_t now_seconds);

// The labels that whatever it is for has for sure.
Labels LabelsImpliedBy(const PolicyException& exception);

inline constexpr int64_t kEndingSoonSeconds = int64_t{7} * 24 * 3600;
// Still in force, and ends within a week.
bool EndsSoon(const PolicyException& exception, int64_t now_seconds);

}  // namespace ballast::policy
