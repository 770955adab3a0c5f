#include "policy/pod_bounds.h"

#include <algorithm>
#include <string_view>

#include "policy/initial_heap.h"
#include "policy/memory_limit.h"
#include "policy/print_value.h"
#include "policy/quantity.h"
#include "policy/replace_setting.h"
#include "policy/spark_memory.h"
#include "policy/spark_size.h"

namespace ballast::policy {
namespace {

struct Pod {
  std::string_view name;
  bool driver = false;
  HashedKey memory_limit;  // the kubeflow operator's
  HashedKey cpu_limit;
};
constexpr Pod kDriverPod = {"driver", true, "driver.memoryLimit",
                            "spark.kubernetes.driver.limit.cores"};
constexpr Pod kExecutorPod = {"executor", false, "executor.memoryLimit",
                              "spark.kubernetes.executor.limit.cores"};

SparkConf WithChanges(const Workload& workload, const std::vector<SettingChange>& changes) {
  SparkConf conf = workload.conf;
  for (const SettingChange& change : changes) conf.Apply(change);
  return conf;
}

bool IsLimited(const Workload& workload, const Pod& pod,
               const std::vector<SettingChange>& changes) {
  const auto written = [&](HashedKey key) {
    return workload.conf.Has(key) ||
           std::ranges::any_of(changes, [&](const auto& change) { return change.key == key.text; });
  };
  return written(pod.memory_limit) || written(pod.cpu_limit);
}

// Without the cpu limit, since from 4.1 on Spark computes no executor whose request is above it.
Result<PodShape> ShapeOf(const Workload& workload, const Pod& pod, SparkConf conf) {
  conf.Remove(pod.cpu_limit);
  if (pod.driver) return DriverShapeOf(workload, conf);
  return ExecutorShape(conf, workload.language, workload.versions.runtime);
}

// The pod before and after the changes, where Spark can compute both.
struct Step {
  Result<PodShape> before;
  Result<PodShape> after;

  Step(const Workload& workload, const Pod& pod, const SparkConf& conf)
      : before(ShapeOf(workload, pod, workload.conf)), after(ShapeOf(workload, pod, conf)) {}
  bool known() const { return before.ok() && after.ok(); }
};

void RaiseLimits(const Workload& workload, const Pod& pod, const SparkConf& conf,
                 std::vector<SettingChange>& raised) {
  const auto memory_limit = conf.Get(pod.memory_limit);
  const auto cpu_limit = conf.Get(pod.cpu_limit);
  if (!memory_limit && !cpu_limit) return;
  const Step step(workload, pod, conf);
  if (!step.known()) return;
  const ByteSize memory = step.after->memory();
  if (memory_limit && memory > step.before->memory()) {
    const auto limit = ParseMemoryLimit(*memory_limit);
    if (limit && *limit < memory) {
      raised.push_back({std::string(pod.memory_limit), PrintSparkSize(memory)});
    }
  }
  const MilliCpu cpu = step.after->cpu;
  if (cpu_limit && cpu > step.before->cpu) {
    const Result<MilliCpu> limit = ParseCpuQuantity(*cpu_limit);
    // One below nothing the API server refuses as it is.
    if (limit.ok() && *limit >= MilliCpu() && *limit < cpu) {
      raised.push_back({std::string(pod.cpu_limit), PrintCpuQuantity(cpu)});
    }
  }
}

// Spark's limit replaces the template's; where it writes none the template's stays.
std::string OverTemplate(const Workload& workload, const Pod& pod, const SparkConf& conf) {
  const PodExtras& extras = pod.driver ? workload.driver_extras : workload.executor_extras;
  if (!extras.template_cpu_limit || conf.Has(pod.cpu_limit)) return "";
  const Step step(workload, pod, conf);
  if (!step.known() || step.after->cpu <= step.before->cpu) return "";
  if (step.after->cpu <= *extras.template_cpu_limit) return "";
  return Join({"the pod template limits the ", pod.name, "'s cpu to ",
               PrintCpuQuantity(*extras.template_cpu_limit),
               ", and Kubernetes refuses a limit below the request: raise it there"});
}

std::string UnderInitialHeap(const Workload& workload, ByteSize initial, const SparkConf& conf) {
  const Step step(workload, kDriverPod, conf);
  if (!step.known() || step.after->heap >= step.before->heap) return "";
  if (step.after->heap >= initial) return "";
  return Join({"the driver's java options start its JVM with a heap of ", PrintExactSize(initial),
               ", which ends at once where the largest is below that: lower both"});
}

}  // namespace

std::vector<SettingChange> LimitsThatRise(const Workload& workload,
                                          const std::vector<SettingChange>& changes) {
  std::vector<SettingChange> raised;
  if (workload.standing()) return raised;
  for (const Pod& pod : {kDriverPod, kExecutorPod}) {
    // Nearly always there is none.
    if (!IsLimited(workload, pod, changes)) continue;
    RaiseLimits(workload, pod, WithChanges(workload, changes), raised);
  }
  return raised;
}

std::string WhyPodsFail(const Workload& workload, const std::vector<SettingChange>& changes) {
  if (workload.standing()) return "";
  if (workload.driver_extras.template_cpu_limit || workload.executor_extras.template_cpu_limit) {
    const SparkConf conf = WithChanges(workload, changes);
    for (const Pod& pod : {kDriverPod, kExecutorPod}) {
      if (std::string why = OverTemplate(workload, pod, conf); !why.empty()) return why;
    }
  }
  const auto initial = InitialDriverHeap(workload.conf);
  return initial ? UnderInitialHeap(workload, *initial, WithChanges(workload, changes)) : "";
}

}  // namespace ballast::policy
