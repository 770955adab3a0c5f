// Which serializer an application uses, and how it is set up, where the policy has a wish.
//
//   reads     spark.serializer (Java's), spark.kryo.registrationRequired (false), .unsafe (false),
//             .referenceTracking (true), spark.serializer.objectStreamReset (100)
//   rewrites  each to what limits.serializer wants
//   example   require: Kryo sets spark.serializer to org.apache.spark.serializer.KryoSerializer
#include <algorithm>

#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kSerializerKey = "spark.serializer";
constexpr std::string_view kKryo = "org.apache.spark.serializer.KryoSerializer";
constexpr HashedKey kStreamReset = "spark.serializer.objectStreamReset";

void JudgeClass(const SparkConf& conf, const SerializerLimits& limits, Verdict& verdict) {
  if (limits.require != SerializerChoice::kKryo) return;
  if (RawSetting(conf, kSerializerKey) == kKryo) return;
  verdict.push_back(Replace(conf, "not the Kryo serializer", Severity::kMedium, kSerializerKey,
                            std::string(kKryo), "the policy wants Kryo"));
}

void JudgeSwitch(const SparkConf& conf, SparkVersion version, HashedKey key,
                 std::optional<bool> wanted, Verdict& verdict) {
  if (!wanted) return;
  const Result<bool> value = ReadBoolean(conf, key, version);
  if (!value.ok() || *value == *wanted) return;
  const std::string_view text = *wanted ? "true" : "false";
  verdict.push_back(Replace(conf, "Kryo set up against the policy", Severity::kMedium, key,
                            std::string(text), Join({"the policy wants ", text})));
}

void JudgeStreamReset(const SparkConf& conf, SparkVersion version, const Range<int64_t>& range,
                      Verdict& verdict) {
  if (!range.min && !range.max) return;
  const Result<int64_t> value = ReadInteger(conf, kStreamReset, version);
  if (!value.ok()) return;
  int64_t wanted = *value;
  if (range.min) wanted = std::max(wanted, *range.min);
  if (range.max) wanted = std::min(wanted, *range.max);
  if (wanted == *value) return;
  const std::string bound = std::to_string(wanted);
  verdict.push_back(
      Replace(conf, "stream reset out of bounds", Severity::kLow, kStreamReset, bound,
              Join({"the policy wants at ", wanted > *value ? "least " : "most ", bound})));
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  const SerializerLimits& limits = context.policy.limits.serializer;
  Verdict verdict;
  JudgeClass(conf, limits, verdict);
  JudgeSwitch(conf, version, "spark.kryo.registrationRequired", limits.registration_required,
              verdict);
  JudgeSwitch(conf, version, "spark.kryo.unsafe", limits.unsafe, verdict);
  JudgeSwitch(conf, version, "spark.kryo.referenceTracking", limits.reference_tracking, verdict);
  JudgeStreamReset(conf, version, limits.object_stream_reset, verdict);
  return verdict;
}

}  // namespace

const Rule kSerializer = {"serializer", "the serializer is the policy's, and set up as it wants",
                          &Judge};

}  // namespace ballast::policy
