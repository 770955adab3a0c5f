#include "policy/labels.h"

#include <algorithm>
#include <charconv>

namespace ballast::policy {
namespace {

std::optional<int64_t> Integer(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool Tolerates(const Toleration& toleration, const Taint& taint) {
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (!toleration.key.empty() && toleration.key != taint.key) return false;
  if (toleration.op == "Exists") return true;
  // An empty operator means Equal; the API server refuses an empty key with it.
  if (!toleration.op.empty() && toleration.op != "Equal") return false;
  return toleration.value == taint.value;
}

}  // namespace

bool Matches(const Requirement& requirement, const Labels& labels) {
  const auto found = labels.find(requirement.key);
  const bool present = found != labels.end();
  auto listed = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(), found->second) !=
           requirement.values.end();
  };
  switch (requirement.op) {
    case Requirement::Operator::kIn:
      return present && listed();
    case Requirement::Operator::kNotIn:
      return !present || !listed();
    case Requirement::Operator::kExists:
      return present;
    case Requirement::Operator::kDoesNotExist:
      return !present;
    case Requirement::Operator::kGt:
    case Requirement::Operator::kLt: {
      if (!present || requirement.values.size() != 1) return false;
      const auto have = Integer(found->second);
      const auto bound = Integer(requirement.values[0]);
      if (!have || !bound) return false;
      return requirement.op == Requirement::Operator::kGt ? *have > *bound : *have < *bound;
    }
  }
  return false;
}

bool Matches(const LabelSelector& selector, const Labels& labels) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [&](const Requirement& requirement) { return Matches(requirement, labels); });
}

bool Tolerates(const std::vector<Toleration>& tolerations, const std::vector<Taint>& taints) {
  return std::all_of(taints.begin(), taints.end(), [&](const Taint& taint) {
    if (taint.effect != "NoSchedule" && taint.effect != "NoExecute") return true;
    return std::any_of(tolerations.begin(), tolerations.end(),
                       [&](const Toleration& toleration) { return Tolerates(toleration, taint); });
  });
}

}  // namespace ballast::policy
