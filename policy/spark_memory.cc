#include "policy/spark_memory.h"

#include <algorithm>
#include <limits>
#include <string>

#include "policy/fabric_quantity.h"
#include "policy/java_number.h"
#include "policy/spark_checks.h"
#include "policy/spark_profile.h"
#include "policy/spark_settings_table.h"

namespace ballast::policy {
namespace {

constexpr int64_t kLeastOverhead = 384;            // MiB, before 4.0
constexpr SparkVersion kMinOverheadSetting{4, 0};  // from here on a setting says it
constexpr SparkVersion kChecksCpuLimit{4, 1};

// What both pods are computed alike from.
int64_t Overhead(double factor, int64_t heap_mib, int64_t least) {
  return std::max(ScalaToInt(factor * static_cast<double>(heap_mib)), least);
}

Result<int64_t> LeastOverhead(const SparkConf& conf, const Setting& setting, SparkVersion version) {
  if (version < kMinOverheadSetting) return kLeastOverhead;
  return ReadInteger(conf, setting, version);
}

// The factor that the driver's pod step computes and hands on to the executors.
Result<double> PropagatedFactor(const SparkConf& conf, Language language, SparkVersion version) {
  static constexpr const Setting& kFactor = table::At("spark.kubernetes.memoryOverheadFactor");
  if (language != Language::kJvm && !RawSetting(conf, kFactor)) {
    return DefaultOverheadFactor(language);
  }
  return ReadDouble(conf, kFactor, version);
}

// Of "spark.driver.memoryOverheadFactor" or the executor's; where unset, the propagated one.
Result<double> FactorOf(const SparkConf& conf, const Setting& own, Language language,
                        SparkVersion version) {
  if (RawSetting(conf, own)) return ReadDouble(conf, own, version);
  return PropagatedFactor(conf, language, version);
}

// The executors' may refer to the propagated one, which the driver finds written.
Result<double> ExecutorFactor(const SparkConf& conf, Language language, SparkVersion version) {
  static constexpr const Setting& kOwn = table::At("spark.executor.memoryOverheadFactor");
  const auto written = RawSetting(conf, kOwn);
  if (!written || written->find("${") == std::string_view::npos) {
    return FactorOf(conf, kOwn, language, version);
  }
  const Result<double> propagated = PropagatedFactor(conf, language, version);
  if (!propagated.ok()) return propagated.error();
  SparkConf in_driver = conf;
  in_driver.Set("spark.kubernetes.memoryOverheadFactor", PrintJavaDouble(*propagated));
  return ReadDouble(in_driver, kOwn, version);
}

// A cpu quantity as Kubernetes would count it, rounded up to the millicore. One that Spark passes
// on though it is none counts as nothing: the API server refuses that pod.
MilliCpu ToMilliCpu(std::string_view text) {
  const Result<Int128> exact = FabricTrillionths(text);
  if (!exact.ok()) return MilliCpu();
  constexpr Int128 kPerMilli = 1'000'000'000;
  const Int128 millis = *exact / kPerMilli + (*exact > 0 && *exact % kPerMilli != 0 ? 1 : 0);
  constexpr Int128 kMost = std::numeric_limits<int64_t>::max();
  return Millis(static_cast<int64_t>(std::clamp(millis, -kMost, kMost)));
}

// Puts request and limit of a pod's cpu into `shape`; `cores` is the request where none is written.
std::optional<Error> SetCpu(const SparkConf& conf, const Setting& request, const Setting& limit,
                            int64_t cores, bool held_together, SparkVersion version,
                            PodShape& shape) {
  const auto request_text = ReadText(conf, request, version);
  if (!request_text.ok()) return request_text.error();
  const auto limit_text = ReadText(conf, limit, version);
  if (!limit_text.ok()) return limit_text.error();
  shape.cpu = Cores(cores);
  if (*request_text) {
    if (auto why = FabricRefusal(**request_text)) return Error{std::string(request.key), *why};
    shape.cpu = ToMilliCpu(**request_text);
  }
  if (!*limit_text) return std::nullopt;
  if (auto why = FabricRefusal(**limit_text)) return Error{std::string(limit.key), *why};
  shape.cpu_limit = ToMilliCpu(**limit_text);
  if (!held_together) return std::nullopt;
  const std::string request_print = request_text->value_or(std::to_string(cores));
  const Result<Int128> least = FabricTrillionths(request_print);
  if (!least.ok()) return Error{std::string(request.key), least.error().what};
  const Result<Int128> most = FabricTrillionths(**limit_text);
  if (!most.ok()) return Error{std::string(limit.key), most.error().what};
  if (*most >= *least) return std::nullopt;
  return Error{std::string(limit.key), "The executor cpu request (" + request_print +
                                           ") should be less than or equal to cpu limit (" +
                                           **limit_text + ")"};
}

}  // namespace

double DefaultOverheadFactor(Language language) { return language == Language::kJvm ? 0.1 : 0.4; }

Result<PodShape> DriverShape(const SparkConf& conf, Language language,
                             SparkVersion submit_version) {
  PodShape shape;
  const auto cores = ReadInteger(conf, table::At("spark.driver.cores"), submit_version);
  if (!cores.ok()) return cores.error();
  const auto heap = ReadInteger(conf, table::At("spark.driver.memory"), submit_version);
  if (!heap.ok()) return heap.error();
  // The factor that is handed on is read even where the driver has its own.
  const auto propagated = PropagatedFactor(conf, language, submit_version);
  if (!propagated.ok()) return propagated.error();
  const auto factor =
      FactorOf(conf, table::At("spark.driver.memoryOverheadFactor"), language, submit_version);
  if (!factor.ok()) return factor.error();
  const auto least =
      LeastOverhead(conf, table::At("spark.driver.minMemoryOverhead"), submit_version);
  if (!least.ok()) return least.error();
  const auto overhead =
      ReadOptionalInteger(conf, table::At("spark.driver.memoryOverhead"), submit_version);
  if (!overhead.ok()) return overhead.error();
  shape.heap = Mebibytes(*heap);
  shape.overhead = Mebibytes(overhead->value_or(Overhead(*factor, *heap, *least)));
  if (auto error = SetCpu(conf, table::At("spark.kubernetes.driver.request.cores"),
                          table::At("spark.kubernetes.driver.limit.cores"), *cores,
                          /*held_together=*/false, submit_version, shape)) {
    return *std::move(error);
  }
  const auto resources = ReadCustomResources(conf, kDriverResourcePrefix);
  if (!resources.ok()) return resources.error();
  if (auto error = MissingVendor(*resources, kDriverResourcePrefix)) return *std::move(error);
  return shape;
}

Result<PodShape> ExecutorShape(const SparkConf& conf, Language language, SparkVersion version) {
  const auto profile = ReadExecutorProfile(conf, version);
  if (!profile.ok()) return profile.error();
  return ExecutorShape(conf, *profile, language, version);
}

Result<PodShape> ExecutorShape(const SparkConf& conf, const ExecutorProfile& profile,
                               Language language, SparkVersion version) {
  PodShape shape;
  const auto factor = ExecutorFactor(conf, language, version);
  if (!factor.ok()) return factor.error();
  const auto least = LeastOverhead(conf, table::At("spark.executor.minMemoryOverhead"), version);
  if (!least.ok()) return least.error();
  shape.heap = Mebibytes(profile.heap_mib);
  shape.overhead =
      Mebibytes(profile.overhead_mib.value_or(Overhead(*factor, profile.heap_mib, *least)));
  shape.off_heap = Mebibytes(profile.off_heap_mib);
  if (language == Language::kPython) shape.pyspark = Mebibytes(profile.pyspark_mib);
  if (auto error = MissingVendor(profile.resources, kExecutorResourcePrefix)) {
    return *std::move(error);
  }
  if (auto error = SetCpu(conf, table::At("spark.kubernetes.executor.request.cores"),
                          table::At("spark.kubernetes.executor.limit.cores"), profile.cores,
                          version >= kChecksCpuLimit, version, shape)) {
    return *std::move(error);
  }
  const Result<int64_t> slots = TaskSlots(profile);
  shape.slots = slots.ok() ? *slots : 0;
  return shape;
}

}  // namespace ballast::policy
