// What tasks send and the driver collects has to fit a message and the driver's heap.
//
//   reads     spark.rpc.message.maxSize (128, a bare number of MiB), spark.task.maxDirectResultSize
//             (1m), spark.driver.maxResultSize (1g, 0 for no bound), spark.driver.memory (1g)
//   rewrites  rpc.message.maxSize to a bare number, at most 2047 and limits.rpcMessageMax;
//             maxDirectResultSize to at most limits.directResultMax, and below 2 GiB;
//             maxResultSize to at most limits.resultHeapShare of the driver's heap
//   warns     about a maxResultSize that the driver's heap cannot hold, where the policy has no
//             share for it
//   example   spark.rpc.message.maxSize=512m becomes 512
#include <algorithm>

#include "policy/plain_spelling.h"
#include "policy/print_value.h"
#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/share.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kMessage = "spark.rpc.message.maxSize";
constexpr HashedKey kDirect = "spark.task.maxDirectResultSize";
constexpr HashedKey kResult = "spark.driver.maxResultSize";
constexpr HashedKey kDriverHeap = "spark.driver.memory";
constexpr int64_t kMessageMost = 2047;               // MiB; RpcUtils refuses more
constexpr ByteSize kDirectMost = Bytes(2147483631);  // from 3.4 on executors refuse more
constexpr ByteSize kDirectRound = Mebibytes(2047);   // what is proposed instead

void JudgeMessage(const SparkConf& conf, SparkVersion version, std::optional<int64_t> most,
                  Verdict& verdict) {
  const int64_t ceiling = std::min(most.value_or(kMessageMost), kMessageMost);
  const Result<int64_t> value = ReadInteger(conf, kMessage, version);
  const std::string_view reason = "RPC message size";
  if (value.ok()) {
    if (*value <= ceiling) return;
    const std::string bound = std::to_string(ceiling);
    const bool refused = *value > kMessageMost;
    verdict.push_back(Replace(conf, reason, refused ? Severity::kCritical : Severity::kMedium,
                              kMessage, bound,
                              refused ? "Spark refuses more than 2047 MiB"
                                      : Join({"the policy allows ", bound, " MiB"})));
    return;
  }
  const auto raw = RawSetting(conf, kMessage);
  if (!raw) return;
  const auto plain = PlainSpelling(*FindSetting(kMessage), *raw);
  if (!plain) return;
  const int64_t meant = JavaInt(*plain).value_or(ceiling);
  verdict.push_back(Replace(conf, reason, Severity::kCritical, kMessage,
                            std::to_string(std::min(meant, ceiling)),
                            "Spark takes a bare number of MiB only"));
}

void JudgeDirect(const SparkConf& conf, SparkVersion version, std::optional<ByteSize> most,
                 Verdict& verdict) {
  const auto raw = RawSetting(conf, kDirect);
  if (!raw && !most) return;
  // A written value is read without Spark's own check, so that one above it is seen.
  const Result<int64_t> value =
      raw ? BytesConf(*raw, ByteUnit::kByte, version) : ReadInteger(conf, kDirect, version);
  if (!value.ok() || Bytes(*value) <= std::min(most.value_or(kDirectMost), kDirectMost)) return;
  const std::string bound = PrintExactSize(std::min(most.value_or(kDirectRound), kDirectRound));
  verdict.push_back(Replace(conf, "direct result size", Severity::kMedium, kDirect, bound,
                            Bytes(*value) > kDirectMost ? "executors refuse 2 GiB and more"
                                                        : Join({"the policy allows ", bound})));
}

void JudgeResult(const SparkConf& conf, SparkVersions versions, std::optional<double> share,
                 Verdict& verdict) {
  const bool written = RawSetting(conf, kResult).has_value();
  if (!written && !share) return;
  const Result<int64_t> value = ReadInteger(conf, kResult, versions.runtime);
  const Result<int64_t> heap = ReadInteger(conf, kDriverHeap, versions.submit);  // MiB
  if (!value.ok() || !heap.ok() || *heap <= 0) return;
  const bool unbounded = *value <= 0;
  const std::string_view reason = "result larger than the driver's heap";
  const std::string heap_text = PrintSparkSize(Mebibytes(*heap));
  if (!share) {
    if (!unbounded && Bytes(*value) <= Mebibytes(*heap)) return;
    verdict.push_back(
        WarnAbout(conf, reason, Severity::kLow, kResult,
                  Join({unbounded ? "no bound, so that one collect" : "so one collect",
                        " can take more than the driver's heap of ", heap_text})));
    return;
  }
  const int64_t most = ShareOf(*heap, *share);
  const ByteSize ceiling = Mebibytes(std::max<int64_t>(most, 1));
  if (!unbounded && Bytes(*value) <= ceiling) return;
  verdict.push_back(
      Replace(conf, reason, Severity::kMedium, kResult, PrintExactSize(ceiling),
              Join({"at most ", PrintPercent(*share), " % of the driver's heap of ", heap_text})));
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const Limits& limits = context.policy.limits;
  Verdict verdict;
  JudgeMessage(conf, workload.versions.runtime, limits.rpc_message_max, verdict);
  JudgeDirect(conf, workload.versions.runtime, limits.direct_result_max, verdict);
  JudgeResult(conf, workload.versions, limits.result_heap_share, verdict);
  return verdict;
}

}  // namespace

const Rule kMessageSize = {
    "message-size", "messages and results fit what Spark can send and the driver can hold", &Judge};

}  // namespace ballast::policy
