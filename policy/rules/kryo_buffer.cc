// A Kryo buffer that Spark refuses kills the job at its start; one that is too large kills a task.
//
//   reads     spark.kryoserializer.buffer (64k), .buffer.max (64m), the executor's heap and slots
//   rewrites  buffer.max to below 2048 MiB, and to at most limits.kryoBufferMax and kryoHeapShare
//             of the heap of one slot; buffer to at most buffer.max
//   warns     when buffer is above buffer.max, which Spark takes for the larger of the two
//   example   buffer.max=2048m becomes 2047m
#include <algorithm>

#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/share.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kBuffer = "spark.kryoserializer.buffer";
constexpr HashedKey kMax = "spark.kryoserializer.buffer.max";
constexpr int64_t kSparkMost = 2047;  // MiB; KryoSerializer refuses 2048 and more
constexpr int64_t kKibPerMib = 1024;

enum class Bound { kSpark, kPolicy, kHeapShare };
struct Ceiling {
  int64_t mebibytes = kSparkMost;
  Bound bound = Bound::kSpark;

  void Lower(int64_t to, Bound why) {
    to = std::max<int64_t>(to, 1);
    if (to < mebibytes) *this = {to, why};
  }
};

Ceiling CeilingOf(const Workload& workload, const Limits& limits) {
  Ceiling ceiling;
  if (limits.kryo_buffer_max) {
    ceiling.Lower(limits.kryo_buffer_max->mebibytes(), Bound::kPolicy);
  }
  if (limits.kryo_heap_share && workload.sizes.executor.ok()) {
    const PodShape& shape = *workload.sizes.executor;
    const int64_t slots = std::max<int64_t>(shape.slots, 1);
    ceiling.Lower(ShareOf(shape.heap.mebibytes(), *limits.kryo_heap_share) / slots,
                  Bound::kHeapShare);
  }
  return ceiling;
}

std::string WhyNot(const Ceiling& ceiling, const Limits& limits, bool spark_refuses) {
  if (spark_refuses) return "Spark refuses 2048 MiB and more";
  const std::string most = std::to_string(ceiling.mebibytes);
  if (ceiling.bound == Bound::kHeapShare) {
    return Join({"at most ", PrintPercent(*limits.kryo_heap_share),
                 " % of the heap of one task slot, ", most, " MiB"});
  }
  return Join({"the policy allows ", most, " MiB"});
}

// buffer against buffer.max, once buffer.max is `max` MiB.
void JudgeBuffer(const SparkConf& conf, const Limits& limits, const Ceiling& ceiling,
                 int64_t buffer, int64_t max, Verdict& verdict) {
  const bool refused = buffer > kSparkMost * kKibPerMib + (kKibPerMib - 1);
  if (refused || buffer > ceiling.mebibytes * kKibPerMib) {
    const int64_t most = max > 0 ? std::min(max, ceiling.mebibytes) : ceiling.mebibytes;
    verdict.push_back(Replace(conf, "kryo buffer too large", Severity::kHigh, kBuffer,
                              std::to_string(most) + "m", WhyNot(ceiling, limits, refused)));
    buffer = most * kKibPerMib;
  }
  if (buffer <= max * kKibPerMib) return;
  const std::string_view reason = "kryo buffer above its maximum";
  const std::string why =
      Join({"below ", AsWritten(conf, kBuffer), ", and Spark takes the larger as the maximum"});
  if (!limits.kryo_buffer_max) {
    verdict.push_back(WarnAbout(conf, reason, Severity::kLow, kMax, why));
    return;
  }
  const int64_t enough = DivideCeil(buffer, kKibPerMib);
  verdict.push_back(Replace(conf, reason, Severity::kLow, kMax,
                            std::to_string(std::min(enough, ceiling.mebibytes)) + "m", why));
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  const Result<int64_t> buffer = ReadInteger(conf, kBuffer, version);
  const Result<int64_t> read_max = ReadInteger(conf, kMax, version);
  if (!buffer.ok() || !read_max.ok()) return {};
  int64_t max = static_cast<int32_t>(*read_max);  // Spark keeps the MiB as an Int, which wraps
  if (*buffer < 0 || max < 0) return {};

  const Limits& limits = context.policy.limits;
  const Ceiling ceiling = CeilingOf(workload, limits);
  Verdict verdict;
  if (max > ceiling.mebibytes) {
    const bool refused = max > kSparkMost;
    verdict.push_back(Replace(
        conf, "kryo buffer maximum too large", refused ? Severity::kCritical : Severity::kMedium,
        kMax, std::to_string(ceiling.mebibytes) + "m", WhyNot(ceiling, limits, refused)));
    max = ceiling.mebibytes;
  }
  JudgeBuffer(conf, limits, ceiling, *buffer, max, verdict);
  return verdict;
}

}  // namespace

const Rule kKryoBuffer = {"kryo-buffer",
                          "the Kryo buffer stays below 2048 MiB and within the policy", &Judge};

}  // namespace ballast::policy
