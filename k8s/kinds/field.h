// One number of a resource: this setting, spelled so, is kept there. A kind's table of these both
// reads and writes, so that the two cannot drift.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "k8s/json_view.h"
#include "policy/result.h"

namespace ballast::k8s {

// How a field spells its value in JSON; in the settings every value is text.
enum class Spelling {
  kText,     // "28g", verbatim
  kWhole,    // 4, from `least` to `most`
  kBoolean,  // true
};

// When a field counts at all.
enum class Condition {
  kAlways,
  kDynamicField,  // only where /spec/dynamicAllocation/enabled is true
};

struct Field {
  std::string_view pointer;  // "/spec/executor/cores"
  std::string_view key;      // "spark.executor.cores", or a name of ours ("executor.memoryLimit")
  Spelling spelling = Spelling::kText;
  int64_t least = std::numeric_limits<int32_t>::min();  // of kWhole
  int64_t most = std::numeric_limits<int32_t>::max();
  // What the operator writes by itself where the field is left out; empty: nothing.
  std::string_view otherwise = {};
  Condition condition = Condition::kAlways;
  bool conf_wins = false;  // sparkConf beats this field (else the field beats sparkConf)
  // Of the spec's `monitoring`: where it is true and there is `prometheus`, the operator adds a
  // Java agent to this field. Empty: it never does.
  std::string_view agent_flag = {};
};

// Texts made while reading an object. They stay where they are as long as this lives.
using Texts = std::deque<std::string>;

// The first mistake found while reading an object.
class Mistake {
 public:
  void Add(std::string where, std::string what) {
    if (!first_) first_ = policy::Error{std::move(where), std::move(what)};
  }
  const std::optional<policy::Error>& first() const { return first_; }

 private:
  std::optional<policy::Error> first_;
};

// The field's value as a setting's text; nullopt where it is null or malformed (then a mistake with
// a remedy was added).
std::optional<std::string_view> ReadField(const Field& field, JsonView value, Texts& texts,
                                          Mistake& mistake);

// The setting's text as the field spells it; nullopt when it cannot carry exactly this text.
std::optional<nlohmann::json> PrintField(const Field& field, std::string_view text);

// The value as JSON for error texts, cut where it is long.
std::string Quoted(JsonView value);

// Adds the mistake that `where` must be text but is `value`.
void MustBeText(std::string where, std::string_view name, JsonView value, Mistake& mistake);

}  // namespace ballast::k8s
