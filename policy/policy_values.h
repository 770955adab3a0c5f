// How a single value of a policy is written and read: the grammars behind FieldType. Each pair is a
// codec: reading what was printed gives the value, and a spelling that would round is refused.
//
// An error's `what` begins with the text as written and ends with what to write instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/policy.h"
#include "policy/policy_fields.h"
#include "policy/print_value.h"
#include "policy/result.h"
#include "policy/units.h"

namespace ballast::policy {

// "28g": Spark's grammar, with a suffix, as every Spark since 3.3 reads it; over 0.
Result<ByteSize> ReadSparkSize(std::string_view text);
std::string PrintExactSparkSize(ByteSize size);  // the largest unit that is exact

// "48Gi": Kubernetes' grammar, from 1 MiB on, since less is a mistyped suffix ("48m").
Result<ByteSize> ReadMemory(std::string_view text);
// "4", "500m": over 0.
Result<MilliCpu> ReadCpu(std::string_view text);

// "80%" or "0.8": over 0, at most 100 %.
Result<double> ReadShare(std::string_view text);
std::string PrintShare(double share);
// A decimal number from 0 to `most`.
Result<double> ReadNumber(std::string_view text, double most);

// A whole number from `least` to `most`.
Result<int64_t> ReadWhole(std::string_view text, int64_t least, int64_t most);
// "120s" in milliseconds, with a suffix, over 0.
Result<int64_t> ReadTime(std::string_view text);
// "30d" in seconds, with a suffix, over 0.
Result<int64_t> ReadDuration(std::string_view text);
std::string PrintDuration(int64_t seconds);
// "true" or "false".
Result<bool> ReadTruth(std::string_view text);
// A rule's mode: Enforce, Warn or Off.
Result<Mode> ReadMode(std::string_view text);

// Whether the field is one value (rather than a map or a list).
bool IsScalar(FieldType type);
// Reads one value into the policy; `field` must be scalar. The value of ok is without meaning.
Result<bool> ReadField(const PolicyField& field, std::string_view text, Policy& policy);
// The value as ReadField reads it; nullopt where the policy says nothing there or `field` is none.
std::optional<std::string> PrintField(const PolicyField& field, const Policy& policy);
// What may be written there, for the schema: "a Spark size: 28g".
std::string_view Describe(FieldType type);

}  // namespace ballast::policy
