// An executor with fewer cores than one task wants never runs a task; a pod whose cpu limit is
// below its request, or whose cpu is less than nothing or no quantity at all, is never made.
//
//   reads     spark.task.cpus (1), spark.executor.cores (1), spark.driver.cores (1),
//             spark.kubernetes.{driver,executor}.{request,limit}.cores; the cpu limit of a pod
//             template
//   rewrites  executor.cores to at least task.cpus; a cpu limit to at least the request
//   rejects   when the policy allows fewer cores than one task wants; a request or limit that the
//             API server refuses ("-1", "two"); a template's limit below the request
//   example   task.cpus=2 alone: executor.cores, 1 by default, becomes 2
#include <optional>

#include "policy/print_value.h"
#include "policy/quantity.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kTaskCpus = "spark.task.cpus";
constexpr HashedKey kExecutorCores = "spark.executor.cores";
constexpr int64_t kBillion = 1'000'000'000;

struct Pod {
  std::string_view name;
  HashedKey cores;
  HashedKey request;
  HashedKey limit;
};
constexpr Pod kExecutorPod = {"executor", kExecutorCores, "spark.kubernetes.executor.request.cores",
                              "spark.kubernetes.executor.limit.cores"};
constexpr Pod kDriverPod = {"driver", "spark.driver.cores", "spark.kubernetes.driver.request.cores",
                            "spark.kubernetes.driver.limit.cores"};

// Whole cores that one task wants; nullopt where Spark cannot read it.
std::optional<int64_t> CoresOfTask(const SparkConf& conf, SparkVersion version) {
  const Result<int64_t> billionths = ReadInteger(conf, kTaskCpus, version);
  if (!billionths.ok()) return std::nullopt;
  return *billionths / kBillion + (*billionths % kBillion > 0 ? 1 : 0);
}

// Gives the executor's cores as they are after the verdict.
int64_t JudgeTask(const SparkConf& conf, SparkVersion version, const Limits& limits, int64_t cores,
                  Verdict& verdict) {
  const auto task = CoresOfTask(conf, version);
  if (!task || *task <= cores || *task < 1 || cores < 1) return cores;
  const std::string_view reason = "fewer cores than one task wants";
  const std::string written = AsWritten(conf, kTaskCpus);
  const auto most = limits.executor.cores.max;
  if (most && Cores(*task) > *most) {
    verdict.push_back(
        RejectBecause(conf, reason, Severity::kHigh, kExecutorCores,
                      Join({"one task wants more (", written,
                            "), and the policy "
                            "allows ",
                            PrintNumber(static_cast<double>(most->millis()) / 1000)})));
    return cores;
  }
  verdict.push_back(Replace(conf, reason, Severity::kHigh, kExecutorCores, std::to_string(*task),
                            Join({"one task wants more (", written, ")"})));
  return *task;
}

// Spark hands a quantity of cpu on as it is written; the API server refuses the pod.
void JudgeQuantities(const SparkConf& conf, const Pod& pod, Verdict& verdict) {
  for (const HashedKey& key : {pod.request, pod.limit}) {
    const auto written = conf.Get(key);
    if (!written) continue;
    const Result<MilliCpu> cpu = ParseCpuQuantity(*written);
    if (cpu.ok() && *cpu >= MilliCpu()) continue;
    verdict.push_back(
        RejectBecause(conf, "cpu that the API server refuses", Severity::kHigh, key,
                      Join({"the API server makes no pod with this cpu: ",
                            cpu.ok() ? "it is less than nothing; write for example 500m or 2"
                                     : cpu.error().what})));
  }
}

// A pod template's limit stays where Spark writes none, and Ballast writes no templates.
void JudgeTemplateLimit(const SparkConf& conf, const Pod& pod, MilliCpu limit,
                        std::string_view request_text, Verdict& verdict) {
  const Result<MilliCpu> request = ParseCpuQuantity(request_text);
  if (!request.ok() || limit >= *request) return;
  verdict.push_back(
      RejectBecause(conf, "cpu limit below the request", Severity::kHigh, pod.request,
                    Join({"the ", pod.name, " requests ", request_text,
                          " cores, its pod template limits them to ", PrintCpuQuantity(limit),
                          ", and Kubernetes refuses a limit below that: raise it there"})));
}

void JudgeLimit(const SparkConf& conf, const Pod& pod, const std::optional<MilliCpu>& of_template,
                int64_t cores, Verdict& verdict) {
  const auto written_limit = conf.Get(pod.limit);
  if (!written_limit && !of_template) return;
  const auto written_request = conf.Get(pod.request);
  const std::string request_text =
      written_request ? std::string(*written_request) : std::to_string(cores);
  if (!written_limit) {
    JudgeTemplateLimit(conf, pod, *of_template, request_text, verdict);
    return;
  }
  const Result<MilliCpu> limit = ParseCpuQuantity(*written_limit);
  const Result<MilliCpu> request = ParseCpuQuantity(request_text);
  // What is less than nothing was refused already.
  if (!limit.ok() || !request.ok() || *limit >= *request || *limit < MilliCpu()) return;
  verdict.push_back(Replace(conf, "cpu limit below the request", Severity::kHigh, pod.limit,
                            request_text,
                            Join({"the ", pod.name, " requests ", request_text,
                                  " cores, and Kubernetes refuses a limit below that"})));
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  Verdict verdict;
  JudgeQuantities(conf, kDriverPod, verdict);
  JudgeQuantities(conf, kExecutorPod, verdict);
  // A pod that is made already says all of itself.
  const bool whole = workload.extent == Extent::kWhole;
  const auto limit_in = [whole](const PodExtras& extras) {
    return whole ? extras.template_cpu_limit : std::nullopt;
  };
  const auto executor_limit = limit_in(workload.executor_extras);
  const auto driver_limit = limit_in(workload.driver_extras);
  const bool executor_cores_matter = RawSetting(conf, kTaskCpus) ||
                                     RawSetting(conf, kExecutorCores) ||
                                     conf.Has(kExecutorPod.limit) || executor_limit;
  if (executor_cores_matter) {
    const Result<int64_t> cores = ReadInteger(conf, kExecutorCores, workload.versions.runtime);
    if (cores.ok()) {
      const int64_t after =
          JudgeTask(conf, workload.versions.runtime, context.policy.limits, *cores, verdict);
      JudgeLimit(conf, kExecutorPod, executor_limit, after, verdict);
    }
  }
  // A server's pod is its template's alone.
  if (workload.driver_given) return verdict;
  if (conf.Has(kDriverPod.limit) || driver_limit) {
    const Result<int64_t> cores = ReadInteger(conf, kDriverPod.cores, workload.versions.submit);
    if (cores.ok()) JudgeLimit(conf, kDriverPod, driver_limit, *cores, verdict);
  }
  return verdict;
}

}  // namespace

const Rule kCores = {
    "cores", "an executor has the cores of one task, a cpu limit covers its request", &Judge};

}  // namespace ballast::policy
