#include "policy/symptoms/application_run.h"

#include <algorithm>

#include "policy/spark_settings.h"

namespace ballast::policy {

void MemorySample::RaiseTo(const MemorySample& other) {
  constexpr ByteSize MemorySample::*kParts[] = {
      &MemorySample::heap,          &MemorySample::non_heap,      &MemorySample::execution,
      &MemorySample::storage,       &MemorySample::off_execution, &MemorySample::off_storage,
      &MemorySample::direct,        &MemorySample::jvm_resident,  &MemorySample::python_resident,
      &MemorySample::other_resident};
  for (ByteSize MemorySample::*part : kParts) this->*part = std::max(this->*part, other.*part);
}

TaskTimes& TaskTimes::operator+=(const TaskTimes& other) {
  constexpr int64_t TaskTimes::*kParts[] = {
      &TaskTimes::wall,          &TaskTimes::run,           &TaskTimes::gc,
      &TaskTimes::fetch_wait,    &TaskTimes::shuffle_write, &TaskTimes::deserialization,
      &TaskTimes::serialization, &TaskTimes::getting_result};
  for (int64_t TaskTimes::*part : kParts) this->*part = SaturatingAdd(this->*part, other.*part);
  return *this;
}

TaskBytes& TaskBytes::operator+=(const TaskBytes& other) {
  constexpr ByteSize TaskBytes::*kParts[] = {
      &TaskBytes::input,           &TaskBytes::output,         &TaskBytes::shuffle_read,
      &TaskBytes::shuffle_written, &TaskBytes::spilled_memory, &TaskBytes::spilled_disk,
      &TaskBytes::result};
  for (ByteSize TaskBytes::*part : kParts) this->*part += other.*part;
  return *this;
}

bool ApplicationRun::local() const {
  const auto master = conf.Get("spark.master");
  // "local", "local[2]", "local[*,3]", but not "local-cluster[2,1,1024]".
  return master && (*master == "local" || master->starts_with("local["));
}

int64_t ApplicationRun::SlotsOf(int64_t cores) const {
  constexpr int64_t kBillionths = 1'000'000'000;
  const auto read = ReadInteger(conf, "spark.task.cpus", version);
  const int64_t cpus = read.ok() ? std::max<int64_t>(*read, 1) : kBillionths;
  return SaturatingMultiply(cores, kBillionths) / cpus;
}

const ExecutorRun* ApplicationRun::FindExecutor(std::string_view executor_id) const {
  const auto found =
      std::find_if(executors.begin(), executors.end(),
                   [&](const ExecutorRun& executor) { return executor.id == executor_id; });
  return found == executors.end() ? nullptr : &*found;
}

}  // namespace ballast::policy
