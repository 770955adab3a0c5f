// What a rule is, what it is given and what it answers. The list of all rules is rules/rules.cc.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/capacity.h"
#include "policy/namespace_state.h"
#include "policy/policy.h"
#include "policy/spark_conf.h"
#include "policy/startup_verdict.h"
#include "policy/workload.h"

namespace ballast::policy {

enum class Action { kWarn, kRewrite, kReject };
enum class Severity { kInfo, kLow, kMedium, kHigh, kCritical };

// What one rule found, for the user and for the record.
struct Finding {
  std::string_view rule;  // its id; static storage
  Action action = Action::kWarn;
  Severity severity = Severity::kLow;
  std::string_view reason;  // short and constant: a metric label; static storage
  std::string message;      // with numbers, for the user: what was asked, what there is, what to do
  std::vector<std::string> settings;  // keys that it is about; become `paths` in the output
  std::string before;                 // the value(s) as asked, where one value says it; else empty
  std::string after;                  // as rewritten, or as proposed

  bool operator==(const Finding&) const = default;
};

// A finding with what Enforce would do about it.
struct Judgement {
  Finding finding;  // its action is what Enforce does; the mode may weaken it to kWarn
  std::vector<SettingChange> changes;  // of kRewrite
};
using Verdict = std::vector<Judgement>;  // empty: the rule has nothing to say

// The namespace as it is judged by. What is pointed at is only looked at.
struct NamespaceView {
  const NamespaceState* state = nullptr;  // nullptr: not known
  // The application as it is stored, of an update: what it uses is in the quotas' `used` already.
  // Its sizes are derived. nullptr: it is new.
  const Workload* stored = nullptr;
};

// Everything a rule may look at besides the workload. Built once per evaluation.
struct Context {
  const Policy& policy;  // the effective one
  EligibleNodes driver_nodes;
  EligibleNodes executor_nodes;
  std::vector<SparkVersions> possible_versions;  // those that may run it; all when unset
  // What the pods have besides Spark's container, with what the policy says others add.
  PodExtras driver_extras = {};
  PodExtras executor_extras = {};
  std::span<const std::string> exempt = {};  // rules that an exception lifts for this object
  NamespaceView space = {};
  mutable StartupMemory startup = {};  // so a context serves one thread

  // The effective mode of a rule: the policy's, but one that an exception lifts warns at most.
  Mode ModeOf(std::string_view rule) const;
  Mode OwnModeOf(std::string_view rule) const;  // the policy's
  bool Lifted(std::string_view rule) const;     // by an exception, and no fact
};

struct Rule {
  std::string_view id;       // = the file's name with '-' for '_'
  std::string_view summary;  // one line, for `policy show` and the docs
  Verdict (*judge)(const Workload& workload, const Context& context);
  bool needs_sizes =
      false;  // skipped where Spark could not compute the sizes (spark-refuses says why)
  // Runs before every rule's judge, in the order of the list: what must be put right before sizes
  // can be computed at all (a heap of "1Gi" that this Spark cannot read). Only rewrites. May be
  // null.
  Verdict (*repair)(const Workload& workload, const Context& context) = nullptr;
  // Besides applications it judges pods of this extent by themselves; kWhole: none.
  Extent pods = Extent::kWhole;
  // Whether it also judges a cluster that stands (Workload::standing), which has pods but no
  // settings of Spark's.
  bool of_standing = false;

  bool Judges(Extent extent) const {
    return extent == Extent::kWhole || extent == Extent::kStartedDriver || extent == pods;
  }
};

// All rules in the order in which they run (design: repairs, shape and split, shares and counts,
// rejections, spark-refuses last).
std::span<const Rule* const> AllRules();
const Rule* FindRule(std::string_view id);

// Shorthands for the rules.
Judgement Warn(std::string_view reason, Severity severity, std::string message,
               std::vector<std::string> settings);
Judgement Rewrite(std::string_view reason, Severity severity, std::string message,
                  std::vector<SettingChange> changes);
Judgement Reject(std::string_view reason, Severity severity, std::string message,
                 std::vector<std::string> settings);

}  // namespace ballast::policy
