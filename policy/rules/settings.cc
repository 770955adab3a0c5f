// The operator's own list: for any key a minimum, a maximum, allowed values, a default, required or
// forbidden.
//
//   reads     the keys of the policy's settings, Spark's own default where one is unset
//   rewrites  what is below the minimum or above the maximum to it; what is unset, or not among the
//             allowed values, to the default
//   rejects   what is forbidden, what is required and unset, what is not among the allowed values
//             where there is no default, and what is not of the row's type
//   example   {key: spark.network.timeout, type: time, min: 120s, default: 600s}: 60s becomes 120s,
//             unset becomes 600s
//
// It runs twice: first as a repair, so that every other rule sees what the list wants, and again
// after the split, which multiplies the executors that the list may bound.
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/setting_bounds.h"

namespace ballast::policy {
namespace {

Verdict JudgeRows(const Workload& workload, const Context& context, bool only_rewrites) {
  Verdict verdict;
  const SparkConf& conf = workload.conf;
  for (const auto& [key, row] : context.policy.settings) {
    SettingOutcome outcome = HoldAgainst(row, conf, workload.versions.runtime);
    if (outcome.kind == SettingOutcome::Kind::kReplace) {
      verdict.push_back(Replace(conf, outcome.reason, Severity::kMedium, key,
                                std::move(outcome.value), outcome.why));
    } else if (outcome.kind == SettingOutcome::Kind::kRefuse && !only_rewrites) {
      verdict.push_back(RejectBecause(conf, outcome.reason, Severity::kMedium, key, outcome.why));
    }
  }
  return verdict;
}

Verdict Repair(const Workload& workload, const Context& context) {
  // What is only warned about is said once, by Judge.
  if (context.ModeOf(kSettings.id) != Mode::kEnforce) return {};
  return JudgeRows(workload, context, true);
}

Verdict Judge(const Workload& workload, const Context& context) {
  return JudgeRows(workload, context, false);
}

}  // namespace

const Rule kSettings = {"settings", "the operator's own list of settings holds", &Judge, false,
                        &Repair};

}  // namespace ballast::policy
