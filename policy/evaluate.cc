#include "policy/evaluate.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "policy/outdated_warnings.h"
#include "policy/pod_bounds.h"
#include "policy/quantity.h"

namespace ballast::policy {
namespace {

// An unset version may be any; a submitting Spark that differs from the application's was named by
// an option, and stays.
std::vector<SparkVersions> PossibleVersions(const Workload& workload) {
  if (workload.version_known) return {workload.versions};
  const bool one = workload.versions.submit == workload.versions.runtime;
  std::vector<SparkVersions> possible;
  possible.reserve(kSparkVersions.size());
  for (const SparkVersion version : kSparkVersions) {
    possible.push_back({one ? version : workload.versions.submit, version});
  }
  return possible;
}

PodExtras WithAssumed(const PodExtras& extras, const std::optional<PodExtras>& assumed) {
  PodExtras sum = extras;
  if (!assumed) return sum;
  sum.sidecar_memory += assumed->sidecar_memory;
  sum.sidecar_cpu += assumed->sidecar_cpu;
  sum.init_memory = std::max(sum.init_memory, assumed->init_memory);
  sum.init_cpu = std::max(sum.init_cpu, assumed->init_cpu);
  sum.extended.insert(sum.extended.end(), assumed->extended.begin(), assumed->extended.end());
  return sum;
}

CapacityQuestion Question(const CapacityOptions& options, const ClusterCapacity& cluster) {
  CapacityQuestion question;
  const CapacitySource source = options.source.value_or(CapacitySource::kCluster);
  if (source != CapacitySource::kNodePools) question.cluster = &cluster;
  if (source != CapacitySource::kCluster && options.node_pools) {
    question.pools = &*options.node_pools;
  }
  if (options.reserve) question.reserve = *options.reserve;
  if (options.assume_node_selector) question.assumed_node_selector = &*options.assume_node_selector;
  if (options.assume_tolerations) question.assumed_tolerations = &*options.assume_tolerations;
  if (options.exclude) question.excluded = &*options.exclude;
  return question;
}

// The pod asks for as many of a resource as Spark is told to ask for: "spark.executor.resource.gpu.
// amount" with its vendor is "nvidia.com/gpu".
void FollowResource(const SettingChange& change, const SparkConf& conf, PodExtras& extras) {
  constexpr std::string_view kPrefix = "spark.executor.resource.";
  constexpr std::string_view kAmount = ".amount";
  const std::string_view key = change.key;
  if (!key.starts_with(kPrefix) || !key.ends_with(kAmount) || !change.value) return;
  const std::string_view resource =
      key.substr(kPrefix.size(), key.size() - kPrefix.size() - kAmount.size());
  const auto vendor = conf.Get(std::string(kPrefix).append(resource).append(".vendor"));
  const auto amount = ParseCountQuantity(*change.value);
  if (!vendor || !amount.ok()) return;
  const std::string name = std::string(*vendor).append("/").append(resource);
  for (auto& [known, count] : extras.extended) {
    if (known == name) count = *amount;
  }
}

// One evaluation under way.
struct Run {
  Context& context;
  Decision& decision;
  bool rejected = false;
  bool hidden = false;
  int pass = 0;
  std::vector<std::string> changed = {};  // keys, in this pass
  bool twice = false;                     // a key was, in this pass
  std::vector<std::pair<const Rule*, Mode>> rules = RulesThatRun();

  std::vector<std::pair<const Rule*, Mode>> RulesThatRun() const;
  void Take(const Rule& rule, Verdict verdict, Mode mode);
  bool BreaksGang(const std::vector<SettingChange>& changes) const;
  void RaiseLimits(Judgement& judgement) const;
  std::string WhyRefused(const std::vector<SettingChange>& changes) const;
  void Apply(const SettingChange& change);
  void RunRules();
  void Settle();
};

// One pass is enough but where limits pull at one number from two sides; what has not settled by
// then never will.
constexpr int kMostPasses = 5;
constexpr std::string_view kContradiction = "the policy's limits contradict each other: ";

void Run::Apply(const SettingChange& change) {
  twice = twice || std::find(changed.begin(), changed.end(), change.key) != changed.end();
  changed.push_back(change.key);
  decision.after.conf.Apply(change);
  FollowResource(change, decision.after.conf, decision.after.executor_extras);
  FollowResource(change, decision.after.conf, context.executor_extras);
}

void Run::Take(const Rule& rule, Verdict verdict, Mode mode) {
  const size_t changed_before = changed.size();
  for (Judgement& judgement : verdict) {
    Finding& finding = judgement.finding;
    finding.rule = rule.id;
    if (mode != Mode::kEnforce && finding.action != Action::kWarn) {
      if (finding.action == Action::kRewrite) finding.message.insert(0, "not rewritten: ");
      finding.action = Action::kWarn;
      hidden = hidden || context.OwnModeOf(rule.id) == Mode::kEnforce;
    }
    if (finding.action == Action::kRewrite) {
      RaiseLimits(judgement);
      if (const std::string why = WhyRefused(judgement.changes); !why.empty()) {
        finding.action = Action::kReject;
        finding.message += "; refused, because " + why;
      }
    }
    // Warnings were given in the first pass.
    if (pass > 1 && finding.action == Action::kWarn) continue;
    rejected = rejected || finding.action == Action::kReject;
    if (finding.action == Action::kRewrite) {
      for (const SettingChange& change : judgement.changes) Apply(change);
    }
    decision.findings.push_back(std::move(finding));
  }
  if (changed.size() > changed_before) {
    Derive(decision.after, std::span(changed).subspan(changed_before));
  }
}

// A gang that was written down for other executors waits for ever, or starts in pieces.
bool Run::BreaksGang(const std::vector<SettingChange>& changes) const {
  if (decision.after.gang.empty() || !decision.after.sizes.ok()) return false;
  Workload after = decision.after;
  for (const SettingChange& change : changes) after.conf.Apply(change);
  Derive(after);
  if (!after.sizes.ok()) return false;
  return *after.sizes.executor != *decision.after.sizes.executor ||
         *after.sizes.executors != *decision.after.sizes.executors;
}

// The rules think of requests; the limits that the user wrote rise with them.
void Run::RaiseLimits(Judgement& judgement) const {
  for (SettingChange& limit : LimitsThatRise(decision.after, judgement.changes)) {
    judgement.finding.message += "; with it " + limit.key + " rises to " + *limit.value;
    const auto scaled =
        std::find_if(judgement.changes.begin(), judgement.changes.end(),
                     [&](const SettingChange& change) { return change.key == limit.key; });
    if (scaled != judgement.changes.end()) {
      scaled->value = std::move(limit.value);
      continue;
    }
    judgement.finding.settings.push_back(limit.key);
    judgement.changes.push_back(std::move(limit));
  }
}

// Why what the user wrote elsewhere forbids a rewrite; empty where nothing does.
std::string Run::WhyRefused(const std::vector<SettingChange>& changes) const {
  if (BreaksGang(changes)) {
    return decision.after.gang + " says how many pods of which size start together: change both";
  }
  return WhyPodsFail(decision.after, changes);
}

// Those that are not off, in their order.
std::vector<std::pair<const Rule*, Mode>> Run::RulesThatRun() const {
  std::vector<std::pair<const Rule*, Mode>> running;
  running.reserve(AllRules().size());
  for (const Rule* rule : AllRules()) {
    if (decision.before.standing() && !rule->of_standing) continue;
    const Mode mode = context.ModeOf(rule->id);
    if (mode != Mode::kOff && rule->Judges(decision.before.extent))
      running.emplace_back(rule, mode);
  }
  return running;
}

void Run::RunRules() {
  for (const auto& [rule, mode] : rules) {
    if (rule->repair) Take(*rule, rule->repair(decision.after, context), mode);
  }
  for (const auto& [rule, mode] : rules) {
    if (rule->needs_sizes && !decision.after.sizes.ok(decision.after.extent)) continue;
    // All that it has to say are warnings, which were given in the first pass; where exceptions
    // lift rules it may hide what it would do, which is told too.
    if (pass > 1 && mode == Mode::kWarn && context.exempt.empty()) continue;
    Take(*rule, rule->judge(decision.after, context), mode);
  }
}

bool Same(const Result<PodShape>& a, const Result<PodShape>& b) {
  return a.ok() && b.ok() && *a == *b;
}

// Runs the rules until nothing changes. Where they undo each other's changes that is told, and what
// they end with stands; where they never come to an end the job is refused.
void Run::Settle() {
  size_t after_first = 0;
  for (pass = 1;; ++pass) {
    const SparkConf conf = decision.after.conf;
    const DerivedSizes sizes = decision.after.sizes;
    const size_t begin = decision.findings.size();
    changed.clear();
    twice = false;
    RunRules();
    if (changed.empty() || rejected) return;
    auto& findings = decision.findings;
    if (conf == decision.after.conf) {
      for (size_t i = begin; i < findings.size(); ++i) {
        if (findings[i].action != Action::kRewrite) continue;
        findings[i].action = Action::kWarn;
        findings[i].message.insert(0, kContradiction);
      }
      return;
    }
    if (pass == kMostPasses) {
      findings.back().action = Action::kReject;
      findings.back().message.insert(0, kContradiction);
      rejected = true;
      // The attempts in between are of no use to anybody.
      findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(after_first),
                     findings.end() - 1);
      return;
    }
    if (pass == 1) after_first = findings.size();
    // Rules disagree about sizes, or about a number that two of them set.
    if (!twice && Same(sizes.driver, decision.after.sizes.driver) &&
        Same(sizes.executor, decision.after.sizes.executor)) {
      return;
    }
  }
}

}  // namespace

Context MakeContext(const Workload& workload, const Policy& policy, const ClusterCapacity& cluster,
                    std::span<const std::string> exempt, const NamespaceView& space) {
  const CapacityQuestion question = Question(policy.capacity, cluster);
  EligibleNodes executor_nodes = Eligible(question, workload.executor_placement);
  EligibleNodes driver_nodes = workload.driver_placement == workload.executor_placement
                                   ? executor_nodes
                                   : Eligible(question, workload.driver_placement);
  return {policy,
          std::move(driver_nodes),
          std::move(executor_nodes),
          PossibleVersions(workload),
          WithAssumed(workload.driver_extras, policy.capacity.assume_sidecars),
          WithAssumed(workload.executor_extras, policy.capacity.assume_sidecars),
          exempt,
          space};
}

Decision Evaluate(Workload workload, const Policy& policy, const ClusterCapacity& cluster,
                  const std::vector<std::string>& exempt, const NamespaceView& space) {
  Decision decision;
  decision.before = std::move(workload);
  decision.after = decision.before;
  Context context = MakeContext(decision.before, policy, cluster, exempt, space);
  Run run = {context, decision};
  run.Settle();

  if (run.rejected) {
    decision.verdict = VerdictKind::kRejected;
    decision.after = decision.before;
  } else if (decision.after.conf != decision.before.conf) {
    decision.verdict = VerdictKind::kRewritten;
    DropOutdatedWarnings(decision, context);
  } else if (run.hidden) {
    decision.verdict = VerdictKind::kExempt;
  }
  decision.executor_nodes = std::move(context.executor_nodes);
  return decision;
}

std::string_view Name(VerdictKind verdict) {
  switch (verdict) {
    case VerdictKind::kAdmitted:
      return "Admitted";
    case VerdictKind::kRewritten:
      return "Rewritten";
    case VerdictKind::kRejected:
      return "Rejected";
    case VerdictKind::kExempt:
      return "Exempt";
  }
  return "";
}

std::string_view Name(Action action) {
  switch (action) {
    case Action::kWarn:
      return "Warn";
    case Action::kRewrite:
      return "Rewrite";
    case Action::kReject:
      return "Reject";
  }
  return "";
}

std::string_view Name(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kLow:
      return "low";
    case Severity::kMedium:
      return "medium";
    case Severity::kHigh:
      return "high";
    case Severity::kCritical:
      return "critical";
  }
  return "";
}

}  // namespace ballast::policy
