// Memory beside the heap that the garbage collector does not walk, and that the pod pays for.
//
//   reads     spark.memory.offHeap.enabled, .size, the executor's heap
//   rewrites  a size outside limits.executor.offHeap.size; enabled without a size to the least size
//             that the policy allows; with moveRest what the heap has above heapCeiling goes
//             off-heap
//   rejects   enabled without a size, where the policy knows none: Spark would
//   warns     about a size that is not enabled, and about a heap above the ceiling (50g where the
//             policy sets none)
//   example   100g of heap, ceiling 32g: 32g of heap and 68g off-heap
#include <algorithm>

#include "policy/print_value.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kEnabled = "spark.memory.offHeap.enabled";
constexpr HashedKey kSize = "spark.memory.offHeap.size";
constexpr HashedKey kHeap = "spark.executor.memory";
constexpr ByteSize kLeastSize = Mebibytes(1);  // Spark refuses less
// Under it Spark does not start (450 MiB, and what a serial collector keeps for itself).
constexpr ByteSize kLeastHeap = Mebibytes(470);
// Where tuning guides see pauses of seconds begin.
constexpr ByteSize kLongPauses = Gibibytes(50);

struct OffHeap {
  bool enabled = false;
  ByteSize size;
};

ByteSize Clamp(ByteSize size, const Range<ByteSize>& range) {
  if (range.min) size = std::max(size, *range.min);
  if (range.max) size = std::min(size, *range.max);
  return size;
}

void JudgeSize(const SparkConf& conf, const Range<ByteSize>& range, const OffHeap& off_heap,
               Verdict& verdict) {
  if (!off_heap.enabled) {
    if (off_heap.size > ByteSize() && RawSetting(conf, kSize)) {
      verdict.push_back(WarnAbout(conf, "off-heap size not used", Severity::kLow, kSize,
                                  "not used while spark.memory.offHeap.enabled is not true"));
    }
    return;
  }
  const ByteSize wanted = Clamp(off_heap.size, range);
  if (off_heap.size < kLeastSize && wanted < kLeastSize) {
    verdict.push_back(RejectBecause(conf, "off-heap without a size", Severity::kCritical, kSize,
                                    "off-heap memory is enabled without a size of 1m or more, "
                                    "which Spark refuses; set the size, or disable it"));
  } else if (wanted != off_heap.size && wanted >= kLeastSize) {
    const bool more = wanted > off_heap.size;
    verdict.push_back(Replace(
        conf, "off-heap size out of bounds", Severity::kMedium, kSize, PrintExactSize(wanted),
        Join({"the policy wants at ", more ? "least " : "most ", PrintExactSize(wanted)})));
  }
}

// What the heap has above the ceiling goes off-heap, where the policy has room for it there.
Judgement MoveRest(const SparkConf& conf, const OffHeapLimits& limits, const OffHeap& off_heap,
                   ByteSize heap) {
  const ByteSize ceiling = Mebibytes(limits.heap_ceiling->mebibytes());
  ByteSize size = (off_heap.enabled ? off_heap.size : ByteSize()) + (heap - ceiling);
  size = Mebibytes(size.mebibytes_ceil());
  if (limits.size.min) size = std::max(size, *limits.size.min);

  std::vector<SettingChange> changes = ReplacementOf(conf, kHeap, PrintSparkSize(ceiling));
  for (SettingChange& change : ReplacementOf(conf, kEnabled, "true")) {
    changes.push_back(std::move(change));
  }
  changes.push_back({std::string(kSize), PrintExactSize(size)});
  return Rewrite("heap above the ceiling", Severity::kMedium,
                 Join({AsWritten(conf, kHeap), ": a heap above ", PrintSparkSize(ceiling),
                       " pauses long in garbage collection; use ", PrintSparkSize(ceiling), " and ",
                       PrintExactSize(size), " off-heap"}),
                 std::move(changes));
}

void JudgeHeap(const SparkConf& conf, const OffHeapLimits& limits, const OffHeap& off_heap,
               ByteSize heap, Verdict& verdict) {
  const ByteSize ceiling = limits.heap_ceiling.value_or(kLongPauses);
  if (heap <= ceiling || ceiling < kLeastHeap) return;
  const ByteSize total = (off_heap.enabled ? off_heap.size : ByteSize()) + (heap - ceiling);
  const bool has_room = !limits.size.max || Mebibytes(total.mebibytes_ceil()) <= *limits.size.max;
  if (limits.heap_ceiling && limits.move_rest == true && has_room) {
    verdict.push_back(MoveRest(conf, limits, off_heap, heap));
    return;
  }
  verdict.push_back(WarnAbout(conf, "heap above the ceiling", Severity::kLow, kHeap,
                              Join({"a heap above ", PrintSparkSize(ceiling),
                                    " pauses long in garbage collection; smaller executors, or "
                                    "the rest off-heap"})));
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  const OffHeapLimits& limits = context.policy.limits.executor.off_heap;
  const Result<bool> enabled = ReadBoolean(conf, kEnabled, version);
  const Result<int64_t> size = ReadInteger(conf, kSize, version);
  if (!enabled.ok() || !size.ok() || *size < 0) return {};

  const OffHeap off_heap = {*enabled, Bytes(*size)};
  Verdict verdict;
  // Not the derived size: without an off-heap size there is none.
  const Result<int64_t> heap = ReadInteger(conf, kHeap, version);  // MiB
  if (heap.ok()) JudgeHeap(conf, limits, off_heap, Mebibytes(*heap), verdict);
  // What moves the rest says the size too.
  if (verdict.empty() || verdict.front().changes.empty()) {
    JudgeSize(conf, limits.size, off_heap, verdict);
  }
  return verdict;
}

}  // namespace

const Rule kOffHeap = {"off-heap",
                       "off-heap memory has a size within the policy, and takes what "
                       "a heap has above the policy's ceiling",
                       &Judge};

}  // namespace ballast::policy
