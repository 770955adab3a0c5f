#include "policy/exceptions.h"

#include <algorithm>

#include "policy/layers.h"
#include "policy/rule_defaults.h"
#include "policy/units.h"

namespace ballast::policy {
namespace {

std::string Days(int64_t seconds) {
  constexpr int64_t kDay = int64_t{24} * 3600;
  if (seconds % kDay == 0) return std::to_string(seconds / kDay) + " days";
  return std::to_string(seconds) + " seconds";
}

}  // namespace

std::string WhyNotLifted(const PolicyException& exception, std::string_view rule,
                         const Policy& effective, const Labels& namespace_labels,
                         int64_t now_seconds) {
  const ExceptionRights& rights = effective.exceptions;
  const RuleDefault* known = FindRuleDefault(rule);
  if (known == nullptr) return "there is no rule '" + std::string(rule) + "'";
  if (known->fact) {
    return "rule '" + std::string(rule) +
           "' states a fact, which no exception can lift: the job would not run";
  }
  if (!rights.rules || !rights.namespace_selector) {
    return "no policy allows exceptions here (exceptions.rules and exceptions.namespaceSelector)";
  }
  if (!MatchesNamespace(*rights.namespace_selector, exception.namespace_name, namespace_labels)) {
    return "namespace '" + exception.namespace_name +
           "' may not hold exceptions (exceptions.namespaceSelector)";
  }
  if (std::find(rights.rules->begin(), rights.rules->end(), rule) == rights.rules->end()) {
    return "rule '" + std::string(rule) + "' may not be lifted (exceptions.rules)";
  }
  if (rights.max_duration_seconds) {
    const int64_t from = exception.created_seconds != 0 ? exception.created_seconds : now_seconds;
    if (SaturatingSubtract(exception.expires_seconds, from) > *rights.max_duration_seconds) {
      return "it lasts longer than " + Days(*rights.max_duration_seconds) +
             " (exceptions.maxDuration)";
    }
  }
  return "";
}

Labels LabelsImpliedBy(const PolicyException& exception) {
  Labels labels;
  for (const Requirement& one : exception.object_selector.requirements) {
    if (one.op == Requirement::Operator::kIn && one.values.size() == 1) {
      labels.emplace(one.key, one.values.front());
    }
  }
  return labels;
}

bool EndsSoon(const PolicyException& exception, int64_t now_seconds) {
  return now_seconds < exception.expires_seconds &&
         SaturatingSubtract(exception.expires_seconds, now_seconds) <= kEndingSoonSeconds;
}

}  // namespace ballast::policy
