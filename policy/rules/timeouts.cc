// Time-outs that contradict each other kill the application at its start, too short ones later.
//
//   reads     spark.network.timeout (120s), spark.executor.heartbeatInterval (10s),
//             spark.network.timeoutInterval (60s), spark.rpc.askTimeout (network.timeout)
//   rewrites  network.timeout to within limits.networkTimeout, to at least timeoutInterval and to
//             above heartbeatInterval (where the maximum forbids that, the heartbeat is lowered);
//             askTimeout to within limits.rpcAskTimeout
//   warns     when one late heartbeat is enough to lose an executor
//   example   network.timeout=30s becomes 60s: the SparkContext refuses less
#include <algorithm>
#include <limits>

#include "policy/replace_setting.h"
#include "policy/rules/rules.h"
#include "policy/spark_settings.h"

namespace ballast::policy {
namespace {

constexpr HashedKey kNetwork = "spark.network.timeout";
constexpr HashedKey kHeartbeat = "spark.executor.heartbeatInterval";
constexpr HashedKey kInterval = "spark.network.timeoutInterval";
constexpr HashedKey kBlockManager = "spark.storage.blockManagerHeartbeatTimeoutMs";
constexpr HashedKey kAsk = "spark.rpc.askTimeout";
constexpr int64_t kSecond = 1000;  // ms; network.timeout and askTimeout count whole seconds
constexpr int64_t kLongest = std::numeric_limits<int32_t>::max();  // s: for what is no limit

int64_t CeilSeconds(int64_t millis) { return millis / kSecond + (millis % kSecond > 0 ? 1 : 0); }

// In whole seconds, as Spark reads both time-outs.
struct Bounds {
  int64_t min = std::numeric_limits<int64_t>::min();
  int64_t max = kLongest;

  explicit Bounds(const Range<int64_t>& millis) {
    if (millis.min) min = CeilSeconds(*millis.min);
    if (millis.max) max = std::max<int64_t>(*millis.max / kSecond, 1);
  }
};

std::string InSeconds(int64_t seconds) { return std::to_string(seconds) + "s"; }

std::string PolicyWants(bool more, int64_t seconds) {
  return Join({"the policy wants at ", more ? "least " : "most ", InSeconds(seconds)});
}

// The whole seconds that the SparkContext wants of network.timeout: HeartbeatReceiver's interval.
int64_t LeastForContext(const SparkConf& conf, SparkVersion version) {
  if (RawSetting(conf, kBlockManager)) return std::numeric_limits<int64_t>::min();
  const Result<int64_t> interval = ReadInteger(conf, kInterval, version);  // ms
  return interval.ok() ? CeilSeconds(*interval) : std::numeric_limits<int64_t>::min();
}

// Changes `network` (seconds) and `heartbeat` (ms) to what holds after the verdict.
void JudgeNetwork(const SparkConf& conf, SparkVersion version, const Range<int64_t>& range,
                  int64_t& network, int64_t heartbeat, Verdict& verdict) {
  const Bounds bounds(range);
  const int64_t context = LeastForContext(conf, version);
  const int64_t asked = network;
  std::string why;
  if (network < bounds.min) {
    network = bounds.min;
    why = PolicyWants(true, network);
  }
  if (range.max && network > bounds.max) {
    network = bounds.max;
    why = PolicyWants(false, network);
  }
  if (network < context) {
    network = context;
    why = "the SparkContext refuses less than spark.network.timeoutInterval";
  }
  if (heartbeat > 0 && network <= heartbeat / kSecond && heartbeat / kSecond < bounds.max) {
    // Two missed heartbeats before an executor is given up, where the maximum leaves room for it.
    network = std::min(bounds.max, std::max(2 * CeilSeconds(heartbeat), context));
    why =
        Join({"must be longer than spark.executor.heartbeatInterval, ", PrintSparkTime(heartbeat)});
  }
  if (network == asked) return;
  verdict.push_back(
      Replace(conf, "network time-out", Severity::kMedium, kNetwork, InSeconds(network), why));
}

void JudgeHeartbeat(const SparkConf& conf, int64_t network, int64_t heartbeat, Verdict& verdict) {
  if (heartbeat <= 0 || network <= 0) return;
  const std::string timeout = InSeconds(network);
  if (network <= heartbeat / kSecond) {
    const std::string third = PrintSparkTime(std::max<int64_t>(network * kSecond / 3, 1));
    verdict.push_back(Replace(conf, "heartbeat not shorter than the network time-out",
                              Severity::kMedium, kHeartbeat, third,
                              Join({"must be shorter than spark.network.timeout, ", timeout})));
  } else if (heartbeat > SaturatingMultiply(network, kSecond) / 2) {
    verdict.push_back(WarnAbout(conf, "heartbeat close to the network time-out", Severity::kLow,
                                kHeartbeat,
                                Join({"one late heartbeat loses an executor, since "
                                      "spark.network.timeout is ",
                                      timeout})));
  }
}

void JudgeAsk(const SparkConf& conf, const Range<int64_t>& range, int64_t network,
              Verdict& verdict) {
  if (!range.min && !range.max) return;
  int64_t ask = network;
  if (const auto raw = RawSetting(conf, kAsk)) {
    const Result<int64_t> read = TimeStringAs(*raw, TimeUnit::kSeconds);
    if (!read.ok()) return;
    ask = *read;
  }
  const Bounds bounds(range);
  int64_t wanted = std::max(ask, bounds.min);
  if (range.max) wanted = std::min(wanted, bounds.max);
  if (wanted == ask) return;
  verdict.push_back(Replace(conf, "RPC ask time-out", Severity::kMedium, kAsk, InSeconds(wanted),
                            PolicyWants(wanted > ask, wanted)));
}

Verdict Judge(const Workload& workload, const Context& context) {
  const SparkConf& conf = workload.conf;
  const SparkVersion version = workload.versions.runtime;
  const Limits& limits = context.policy.limits;
  const Result<int64_t> read_network = ReadInteger(conf, kNetwork, version);  // s
  const Result<int64_t> heartbeat = ReadInteger(conf, kHeartbeat, version);   // ms
  if (!read_network.ok() || !heartbeat.ok()) return {};

  int64_t network = *read_network;
  Verdict verdict;
  JudgeNetwork(conf, version, limits.network_timeout, network, *heartbeat, verdict);
  JudgeHeartbeat(conf, network, *heartbeat, verdict);
  JudgeAsk(conf, limits.rpc_ask_timeout, network, verdict);
  return verdict;
}

}  // namespace

const Rule kTimeouts = {"timeouts", "time-outs agree with each other and with the policy", &Judge};

}  // namespace ballast::policy
