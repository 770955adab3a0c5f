// What stops SparkContext after every stage of its own was passed.
#include <algorithm>
#include <string>
#include <utility>

#include "policy/spark_settings_table.h"
#include "policy/spark_startup.h"
#include "policy/workload.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kStage = "sparkContext";
constexpr SparkVersion k40{4, 0};

void Add(std::vector<Refusal>& refusals, std::string_view setting, std::string message) {
  refusals.push_back({kStage, std::string(setting), std::move(message)});
}

void Add(std::vector<Refusal>& refusals, const Error& error) {
  Add(refusals, error.where, error.what);
}

// HeartbeatReceiver: the driver looks for dead executors every `timeoutInterval`, which must not be
// more than what an executor is given, and neither may be the executor's own beat.
void CheckHeartbeatReceiver(const SparkConf& conf, SparkVersion version,
                            std::vector<Refusal>& refusals) {
  static constexpr const Setting& kOwn = table::At("spark.storage.blockManagerHeartbeatTimeoutMs");
  static constexpr const Setting& kNetwork = table::At("spark.network.timeout");
  static constexpr const Setting& kInterval = table::At("spark.network.timeoutInterval");
  static constexpr const Setting& kBeat = table::At("spark.executor.heartbeatInterval");
  const auto own = ReadOptionalInteger(conf, kOwn, version);
  if (!own.ok()) return Add(refusals, own.error());
  const auto network = ReadInteger(conf, kNetwork, version);
  const auto interval = ReadInteger(conf, kInterval, version);
  const auto beat = ReadInteger(conf, kBeat, version);
  if (!interval.ok()) Add(refusals, interval.error());
  if (!network.ok() || !interval.ok() || !beat.ok()) return;  // validateSettings has said so
  const int64_t timeout = own->value_or(SaturatingMultiply(*network, 1000));
  const Setting& source = own->has_value() ? kOwn : kNetwork;
  const std::string named(version >= k40 ? source.key : kOwn.key);
  if (*interval > timeout) {
    Add(refusals, source.key,
        "requirement failed: spark.network.timeoutInterval should be less than or equal to " +
            named + ".");
  }
  if (*beat > timeout && own->has_value()) {
    Add(refusals, source.key,
        "requirement failed: spark.executor.heartbeatInterval should be less than or equal to " +
            named);
  }
  if (*beat <= 0) {
    Add(refusals, kBeat.key,
        "spark.executor.heartbeatInterval must be greater than 0: the scheduler of the heartbeats "
        "takes no other");
  }
}

// MapOutputTracker: what is not broadcast must fit a message.
void CheckMapOutput(const SparkConf& conf, SparkVersion version, std::vector<Refusal>& refusals) {
  static constexpr const Setting& kLeast = table::At("spark.shuffle.mapOutput.minSizeForBroadcast");
  static constexpr const Setting& kMessage = table::At("spark.rpc.message.maxSize");
  const auto least = ReadInteger(conf, kLeast, version);
  if (!least.ok()) return Add(refusals, least.error());
  const auto message = ReadInteger(conf, kMessage, version);
  if (!message.ok()) return;  // the stage rpc has said so
  const int64_t message_bytes = *message * (1 << 20);
  if (*least <= message_bytes) return;
  Add(refusals, conf.Has(kLeast.key) ? kLeast.key : kMessage.key,
      std::string(kLeast.key) + " (" + std::to_string(*least) +
          " bytes) must be <= " + std::string(kMessage.key) + " (" + std::to_string(message_bytes) +
          " bytes) to prevent sending an rpc message that is too large.");
}

// SchedulerBackendUtils, on Kubernetes: the executors that it starts with are within the bounds.
void CheckFirstExecutors(const SparkConf& conf, SparkVersion version,
                         std::vector<Refusal>& refusals) {
  const Result<ExecutorCount> count = CountExecutors(conf, version);
  if (!count.ok()) return Add(refusals, count.error());
  if (!count->dynamic || (count->initial >= count->min && count->initial <= count->max)) return;
  Add(refusals, "spark.dynamicAllocation.initialExecutors",
      "requirement failed: initial executor number " + std::to_string(count->initial) +
          " must between min executor number " + std::to_string(count->min) +
          " and max executor number " + std::to_string(count->max));
}

}  // namespace

std::vector<Refusal> ContextRefusals(const SparkConf& conf, SparkVersion runtime) {
  std::vector<Refusal> refusals;
  CheckHeartbeatReceiver(conf, runtime, refusals);
  CheckMapOutput(conf, runtime, refusals);
  CheckFirstExecutors(conf, runtime, refusals);
  for (const Setting* setting : {&table::At("spark.driver.maxResultSize"),
                                 &table::At("spark.kubernetes.allocation.batch.delay"),
                                 &table::At("spark.kubernetes.allocation.batch.size"),
                                 &table::At("spark.task.maxFailures")}) {
    const auto value = ReadInteger(conf, *setting, runtime);
    if (!value.ok()) Add(refusals, value.error());
  }
  return refusals;
}

}  // namespace ballast::policy
