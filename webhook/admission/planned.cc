#include "webhook/admission/planned.h"

#include <algorithm>
#include <array>
#include <utility>

#include "k8s/patch.h"
#include "policy/memory_limit.h"
#include "policy/quantity.h"
#include "policy/spark_size.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using policy::Extent;
using policy::RewriteAt;
using policy::SettingChange;
using policy::Workload;

constexpr std::string_view kSpark = "spark.";
constexpr std::string_view kDriverMemory = "driver.memory";
constexpr std::string_view kDriverCpu = "driver.cpu";
constexpr std::string_view kOverhead = "spark.driver.memoryOverhead";
constexpr std::string_view kRequest = "spark.kubernetes.driver.request.cores";

// app.kubernetes.io/instance is not among them: Argo CD may track by it, but Helm and people write
// it everywhere.
bool IsTracked(JsonView object) {
  constexpr std::array<std::string_view, 3> kLabels = {"argocd.argoproj.io/instance",
                                                       "kustomize.toolkit.fluxcd.io/name",
                                                       "helm.toolkit.fluxcd.io/name"};
  const JsonView metadata = object["metadata"];
  if (metadata["annotations"]["argocd.argoproj.io/tracking-id"].string()) return true;
  return std::ranges::any_of(kLabels, [&](std::string_view label) {
    return metadata["labels"][label].string().has_value();
  });
}

void Add(Record& record, std::string_view key, std::optional<std::string_view> was,
         std::optional<std::string_view> now) {
  if (was == now) return;
  RecordedPath path;
  k8s::AppendToken(path.path, key);
  if (was) path.was = std::string(*was);
  if (now) path.now = std::string(*now);
  record.paths.push_back(std::move(path));
}

std::optional<std::string> TextOf(const std::optional<nlohmann::json>& value) {
  if (!value || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

// One step of the plan, taken on these settings; false where they are others than were planned for.
bool Take(policy::SparkConf& conf, const RecordedPath& path) {
  const std::string key = k8s::UnescapeToken(std::string_view(path.path).substr(1));
  const auto was = TextOf(path.was);
  const auto now = TextOf(path.now);
  if (!key.starts_with(kSpark)) return true;
  const auto stands = conf.Get(key);
  if (stands == now) return true;
  if (stands != was) return false;
  conf.Apply(SettingChange{key, now});
  return true;
}

// The same of the driver's container.
bool TakeAmount(const Workload& workload, policy::SparkConf& conf, const RecordedPath& path) {
  const policy::PodShape& shape = *workload.sizes.driver;
  const auto was = TextOf(path.was);
  const auto now = TextOf(path.now);
  if (!was || !now) return true;
  if (path.path == std::string("/").append(kDriverMemory)) {
    const std::string stands = policy::PrintSparkSize(shape.memory());
    const auto size = policy::ByteStringAs(*now, policy::ByteUnit::kMiB, policy::kNewestSpark);
    if (stands == *now || !size) return stands == *now;
    if (stands != *was) return false;
    conf.Set(kOverhead, policy::PrintSparkSize(policy::Mebibytes(*size) - shape.heap));
  } else if (path.path == std::string("/").append(kDriverCpu)) {
    const std::string stands = policy::PrintCpuQuantity(shape.cpu);
    if (stands == *now) return true;
    const auto cpu = policy::ParseCpuQuantity(*now);
    if (stands != *was || !cpu || (shape.cpu_limit && *shape.cpu_limit < *cpu)) return false;
    conf.Set(kRequest, policy::PrintCpuQuantity(*cpu));
  }
  return true;
}

}  // namespace

bool RewrittenAtSubmission(const Case& c, const policy::Policy& policy) {
  // Of both operators; no other kind has a driver that is submitted.
  if (!c.kind.kind.ends_with("SparkApplication")) return false;
  switch (policy.rewrite_at.value_or(RewriteAt::kAuto)) {
    case RewriteAt::kResource:
      return false;
    case RewriteAt::kSubmission:
      return true;
    case RewriteAt::kAuto:
      return IsTracked(c.request.object);
  }
  return false;
}

std::string PrintPlan(const policy::Decision& decision, uint64_t asked) {
  Record plan{asked, {}};
  const Workload& before = decision.before;
  const Workload& after = decision.after;
  for (const SettingChange& change : policy::SparkConf::Difference(before.conf, after.conf)) {
    if (change.key.starts_with(kSpark)) {
      Add(plan, change.key, before.conf.Get(change.key), after.conf.Get(change.key));
    }
  }
  if (before.sizes.driver && after.sizes.driver) {
    const policy::PodShape& was = *before.sizes.driver;
    const policy::PodShape& now = *after.sizes.driver;
    Add(plan, kDriverMemory, policy::PrintSparkSize(was.memory()),
        policy::PrintSparkSize(now.memory()));
    Add(plan, kDriverCpu, policy::PrintCpuQuantity(was.cpu), policy::PrintCpuQuantity(now.cpu));
  }
  if (plan.paths.empty()) return {};
  std::ranges::sort(plan.paths, {}, &RecordedPath::path);
  return PrintRecord(plan);
}

std::string WhyNoPlan(const Case& c, const policy::Decision& decision) {
  if (decision.verdict != policy::VerdictKind::kRewritten) return {};
  for (const std::string_view key : {"driver.memoryLimit", "executor.memoryLimit"}) {
    const auto was = decision.before.conf.Get(key);
    const auto now = decision.after.conf.Get(key);
    if (!was || !now || *was == *now) continue;
    if (policy::ParseMemoryLimit(*now) <= policy::ParseMemoryLimit(*was)) continue;
    return "ballast: rejected: the rewrite is made at the submission, where nobody raises " +
           c.kind.path_of(c.request.object, key) +
           " with the memory that is requested: set it to " + std::string(*now);
  }
  return {};
}

bool HoldsPlan(JsonView object, std::string_view planned) {
  if (planned.empty()) return false;
  const policy::Result<Record> plan = ParseRecord(planned);
  return plan.ok() && plan->asked == DigestOfAsked(object);
}

std::optional<Workload> ResultOfPlan(std::string_view planned, const Workload& workload) {
  const policy::Result<Record> plan = ParseRecord(planned);
  if (!plan) return std::nullopt;
  policy::Decision decision;
  decision.before = workload;
  decision.after = workload;
  for (const RecordedPath& path : plan->paths) {
    if (!Take(decision.after.conf, path)) return std::nullopt;
  }
  Derive(decision.after);
  if (PrintPlan(decision, plan->asked) != planned) return std::nullopt;
  return std::move(decision.after);
}

std::optional<Workload> CarriedOut(const KnownApplication& application, const Workload& workload) {
  const policy::Result<Record> plan = ParseRecord(application.planned);
  if (!plan) return std::nullopt;
  Workload after = workload;
  for (const RecordedPath& path : plan->paths) {
    if (workload.extent == Extent::kStartedDriver) {
      if (!Take(after.conf, path)) return std::nullopt;
    } else if (workload.extent == Extent::kDriverPod) {
      if (!TakeAmount(workload, after.conf, path)) return std::nullopt;
    }
  }
  Derive(after);
  return after;
}

}  // namespace ballast::webhook
