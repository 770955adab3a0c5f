// How small the work is cut, and what is copied to every executor instead.
//
//   reads     spark.sql.shuffle.partitions (200), spark.sql.files.maxPartitionBytes (128m),
//             spark.sql.autoBroadcastJoinThreshold (10m, -1 for never) and its adaptive twin, the
//             executor's heap
//   rewrites  each to within limits.parallelism; a broadcast threshold to at most the 8 GiB of a
//             table that Spark can broadcast (4.1 on: spark.sql.maxBroadcastTableSize)
//   warns     about a written threshold above a quarter of the executor's heap, and about more than
//             100000 shuffle partitions, where the policy has no bounds
//   example   autoBroadcastJoinThreshold=10g becomes 8g
#include <algorithm>

#include "policy/print_value.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/share.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kPartitions = "spark.sql.shuffle.partitions";
constexpr HashedKey kPartitionBytes = "spark.sql.files.maxPartitionBytes";
constexpr HashedKey kThreshold = "spark.sql.autoBroadcastJoinThreshold";
constexpr HashedKey kAdaptiveThreshold = "spark.sql.adaptive.autoBroadcastJoinThreshold";
constexpr HashedKey kTableSize = "spark.sql.maxBroadcastTableSize";
constexpr ByteSize kLargestTable = Gibibytes(8);
constexpr ByteSize kDefaultThreshold = Mebibytes(10);
constexpr int64_t kManyPartitions = 100'000;
constexpr int64_t kHeapPerBroadcast = 4;  // times a table that is broadcast, to stay healthy

template <typename T>
T Clamp(T value, const Range<T>& range) {
  if (range.min) value = std::max(value, *range.min);
  if (range.max) value = std::min(value, *range.max);
  return value;
}

std::string PolicyWants(bool more, std::string_view bound) {
  return Join({"the policy wants at ", more ? "least " : "most ", bound});
}

void JudgePartitions(const SparkConf& conf, SparkVersion version, const Range<int64_t>& range,
                     Verdict& verdict) {
  if (!range.min && !range.max && !RawSetting(conf, kPartitions)) return;
  const Result<int64_t> value = ReadInteger(conf, kPartitions, version);
  if (!value.ok()) return;
  const std::string_view reason = "shuffle partitions";
  const int64_t wanted = Clamp(*value, range);
  if (wanted != *value) {
    const std::string bound = std::to_string(wanted);
    verdict.push_back(Replace(conf, reason, Severity::kLow, kPartitions, bound,
                              PolicyWants(wanted > *value, bound)));
  } else if (!range.max && *value > kManyPartitions) {
    verdict.push_back(WarnAbout(conf, reason, Severity::kLow, kPartitions,
                                "so many partitions cost the driver memory and time"));
  }
}

void JudgePartitionBytes(const SparkConf& conf, SparkVersion version, const Range<ByteSize>& range,
                         Verdict& verdict) {
  if (!range.min && !range.max) return;
  const Result<int64_t> value = ReadInteger(conf, kPartitionBytes, version);
  if (!value.ok()) return;
  const ByteSize wanted = Clamp(Bytes(*value), range);
  if (wanted == Bytes(*value)) return;
  const std::string bound = PrintExactSize(wanted);
  verdict.push_back(Replace(conf, "partition size", Severity::kLow, kPartitionBytes, bound,
                            PolicyWants(wanted > Bytes(*value), bound)));
}

struct Ceiling {
  ByteSize size = kLargestTable;
  std::string why = "Spark broadcasts no table of 8 GiB or more";
};

Ceiling CeilingOf(const Workload& workload, const ParallelismLimits& limits) {
  Ceiling ceiling;
  const auto table = workload.conf.Get(kTableSize);
  if (table && workload.versions.runtime >= SparkVersion{4, 1}) {
    const auto size = BytesConf(*table, ByteUnit::kByte, workload.versions.runtime);
    if (size.ok() && *size > 0) {
      ceiling = {Bytes(*size), Join({"Spark broadcasts no table above ", kTableSize, "=", *table})};
    }
  }
  if (limits.broadcast_threshold && *limits.broadcast_threshold < ceiling.size) {
    ceiling = {*limits.broadcast_threshold,
               PolicyWants(false, PrintExactSize(*limits.broadcast_threshold))};
  }
  if (limits.broadcast_heap_share && workload.sizes.executor.ok()) {
    const ByteSize heap = workload.sizes.executor->heap;
    const int64_t mebibytes = ShareOf(heap.mebibytes(), *limits.broadcast_heap_share);
    const ByteSize share = Mebibytes(std::max<int64_t>(mebibytes, 1));
    if (share < ceiling.size) {
      ceiling = {share, Join({"at most ", PrintPercent(*limits.broadcast_heap_share),
                              " % of the executor's heap of ", PrintSparkSize(heap)})};
    }
  }
  return ceiling;
}

void JudgeThreshold(const Workload& workload, HashedKey key, ByteSize without,
                    const ParallelismLimits& limits, Verdict& verdict) {
  const SparkConf& conf = workload.conf;
  const auto raw = RawSetting(conf, key);
  if (!raw && !limits.broadcast_threshold && !limits.broadcast_heap_share) return;
  ByteSize value = without;
  if (raw) {
    const auto read = BytesConf(*raw, ByteUnit::kByte, workload.versions.runtime);
    if (!read.ok()) return;
    value = Bytes(*read);
  }
  if (value <= ByteSize()) return;
  const std::string_view reason = "broadcast threshold";
  const Ceiling ceiling = CeilingOf(workload, limits);
  if (value > ceiling.size) {
    verdict.push_back(
        Replace(conf, reason, Severity::kMedium, key, PrintExactSize(ceiling.size), ceiling.why));
    return;
  }
  if (!raw || limits.broadcast_heap_share || !workload.sizes.executor.ok()) return;
  const ByteSize heap = workload.sizes.executor->heap;
  if (value * kHeapPerBroadcast > heap) {
    verdict.push_back(WarnAbout(conf, reason, Severity::kLow, key,
                                Join({"more than a quarter of the executor's heap of ",
                                      PrintSparkSize(heap), " for one broadcast table"})));
  }
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  const ParallelismLimits& limits = context.policy.limits.parallelism;
  Verdict verdict;
  JudgePartitions(conf, version, limits.shuffle_partitions, verdict);
  JudgePartitionBytes(conf, version, limits.max_partition_bytes, verdict);
  JudgeThreshold(workload, kThreshold, kDefaultThreshold, limits, verdict);
  if (conf.Has(kAdaptiveThreshold)) {
    JudgeThreshold(workload, kAdaptiveThreshold, kDefaultThreshold, limits, verdict);
  }
  return verdict;
}

}  // namespace

const Rule kParallelism = {
    "parallelism", "partitions and broadcast tables stay within the policy and the heap", &Judge};

}  // namespace ballast::policy
