#include "webhook/text/explain_text.h"

#include <array>
#include <cstdio>
#include <vector>

#include "policy/describe_pod.h"
#include "policy/quantity.h"
#include "policy/spark_reference.h"
#include "policy/spark_settings.h"
#include "policy/startup_verdict.h"

namespace ballast::webhook {
namespace {

using policy::ByteSize;
using policy::Workload;

// One line of the tree.
struct Part {
  std::string branch;  // "│  ├─ "
  std::string name;
  int64_t bytes = 0;
  std::string what_for;
};

std::string Mebibytes(int64_t bytes) {
  const double mebibytes = static_cast<double>(bytes) / (1 << 20);
  const auto whole = static_cast<int64_t>(mebibytes);
  std::string text = Grouped(whole);
  if (static_cast<double>(whole) != mebibytes) {
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), "%.1f", mebibytes - static_cast<double>(whole));
    if (fraction[0] == '0') text += fraction.data() + 1;
  }
  return text + " MiB";
}

// "spark.executor.memory = 28g", or the default where nothing is set.
std::string SaidBy(const policy::SparkConf& conf, std::string_view key,
                   std::string_view otherwise) {
  const auto text = policy::RawSetting(conf, key);
  if (!text) return std::string(otherwise);
  return std::string(policy::SpellingOf(conf, key)) + " = " + std::string(*text);
}

// Whether a pod template says how large the pod is.
bool Given(const Workload& workload, bool driver) {
  return driver ? workload.driver_given.has_value() : workload.executor_given.has_value();
}

std::string OverheadSaidBy(const Workload& workload, bool driver) {
  if (Given(workload, driver)) return "the rest of what its pod template requests";
  const std::string role = driver ? "spark.driver." : "spark.executor.";
  const policy::SparkConf& conf = workload.conf;
  if (policy::RawSetting(conf, role + "memoryOverhead")) {
    return SaidBy(conf, role + "memoryOverhead", "");
  }
  if (policy::RawSetting(conf, role + "memoryOverheadFactor")) {
    return SaidBy(conf, role + "memoryOverheadFactor", "") + " of the heap";
  }
  if (policy::RawSetting(conf, "spark.kubernetes.memoryOverheadFactor")) {
    return SaidBy(conf, "spark.kubernetes.memoryOverheadFactor", "") + " of the heap";
  }
  return workload.language == policy::Language::kJvm
             ? "threads, buffers: 0.1 of heap, at least 384 MiB"
             : "Python or R: 0.4 of heap, at least 384 MiB";
}

std::vector<Part> PartsOf(const Workload& workload, const policy::PodShape& shape, bool driver) {
  const policy::SparkConf& conf = workload.conf;
  const std::string role = driver ? "spark.driver." : "spark.executor.";
  std::vector<Part> parts;
  if (workload.standing()) {
    return {
        {"├─ ", driver ? "heap" : "offered", shape.heap.bytes(),
         driver ? "SPARK_DAEMON_MEMORY, or 1g" : "to executors: SPARK_WORKER_MEMORY, or the rest"},
        {"└─ ", "overhead", shape.overhead.bytes(), OverheadSaidBy(workload, driver)}};
  }
  parts.push_back({"├─ ", "heap", shape.heap.bytes(),
                   SaidBy(conf, role + "memory", role + "memory is not set: 1g")});
  const auto regions =
      policy::RegionsOf(conf, shape.heap.bytes(), driver,
                        driver ? workload.versions.submit : workload.versions.runtime);
  if (regions) {
    parts.push_back({"│  ├─ ", "reserved", regions->reserved, "Spark's own objects, always"});
    parts.push_back({"│  ├─ ", "user", regions->user, "your own objects and UDFs, unmanaged"});
    parts.push_back({"│  └─ ", "unified", regions->unified,
                     SaidBy(conf, "spark.memory.fraction", "0.6") + " of the heap less reserved"});
    parts.push_back(
        {"│     ├─ ", "storage", regions->storage, "cached data, broadcasts; may be borrowed"});
    parts.push_back({"│     └─ ", "execution", regions->execution,
                     "shuffles, joins, sorts; shared by the tasks"});
  }
  parts.push_back({shape.off_heap.bytes() + shape.pyspark.bytes() > 0 ? "├─ " : "└─ ", "overhead",
                   shape.overhead.bytes(), OverheadSaidBy(workload, driver)});
  if (shape.off_heap.bytes() > 0) {
    parts.push_back({shape.pyspark.bytes() > 0 ? "├─ " : "└─ ", "off-heap", shape.off_heap.bytes(),
                     SaidBy(conf, "spark.memory.offHeap.size", "") + ", without GC"});
  }
  if (shape.pyspark.bytes() > 0) {
    parts.push_back(
        {"└─ ", "PySpark", shape.pyspark.bytes(),
         SaidBy(conf, "spark.executor.pyspark.memory", "") + ": Python workers' limit"});
  }
  return parts;
}

std::string PodText(const Workload& workload, const policy::Result<policy::PodShape>& read,
                    bool driver, const Paint& paint) {
  const std::string_view name =
      driver ? policy::DriverNoun(workload) : policy::ExecutorNoun(workload);
  if (!read) {
    return paint(Colour::kRed, name) + ": " +
           Wrapped("this pod cannot be sized: " + read.error().where +
                       (read.error().where.empty() ? "" : ": ") + read.error().what,
                   "          ") +
           "\n";
  }
  const policy::PodShape& shape = *read;
  if (Given(workload, driver) && shape.memory() == ByteSize() && shape.cpu == policy::MilliCpu()) {
    return paint(Colour::kBold, name) + "  asks Kubernetes for nothing: its pod template has no " +
           "requests\n";
  }
  std::string text = paint(Colour::kBold, name) + "  asks Kubernetes for " +
                     paint(Colour::kBold, std::to_string(shape.memory().mebibytes()) + "Mi") +
                     " (" + HumanMebibytes(static_cast<double>(shape.memory().mebibytes())) +
                     ") and " + paint(Colour::kBold, policy::PrintCpuQuantity(shape.cpu)) + " cpu";
  if (shape.cpu_limit) text += ", limit " + policy::PrintCpuQuantity(*shape.cpu_limit);
  if (!driver && shape.slots > 0)
    text += "; runs " + Grouped(shape.slots) + (shape.slots == 1 ? " task" : " tasks") + " at once";
  text += "\n";
  Table table(
      {Table::Align::kLeft, Table::Align::kRight, Table::Align::kLeft, Table::Align::kLeft});
  const double whole = static_cast<double>(std::max<int64_t>(1, shape.memory().bytes()));
  for (const Part& part : PartsOf(workload, shape, driver)) {
    const double share = static_cast<double>(part.bytes) / whole;
    table.Add({paint(Colour::kFaint, part.branch) + part.name, Mebibytes(part.bytes),
               paint(Colour::kBlue, Bar(share, 16)), part.what_for});
  }
  text += table.Print("  ");
  if (!driver && shape.slots > 0) {
    const ByteSize heap_per_task = policy::Bytes(shape.heap.bytes() / shape.slots);
    text += "  per task: " + Mebibytes(heap_per_task.bytes()) +
            (workload.standing() ? " of what is offered, " : " of heap, ") +
            Mebibytes(shape.memory().bytes() / shape.slots) + " of the pod\n";
  }
  return text;
}

std::string CountText(const Workload& workload) {
  const policy::Result<policy::ExecutorCount>& read = workload.sizes.executors;
  if (!read) return "";
  const std::string noun = std::string(policy::ExecutorNoun(workload)) + "s";
  if (!read->dynamic) return noun + ": " + Grouped(read->instances) + "\n";
  const bool unbounded = read->max >= INT32_MAX;
  return noun + ": dynamic, from " + Grouped(read->min) + " to " +
         (unbounded ? std::string("any number (no maximum is set)") : Grouped(read->max)) +
         ", beginning with " + Grouped(read->initial) + "\n";
}

// "3.5", and why that one where the application says otherwise or nothing.
std::string VersionText(const Workload& workload) {
  std::string text = policy::PrintSparkVersion(workload.versions.runtime);
  if (!workload.version_known) return text + " (not named; assumed)";
  const auto named = policy::ParseSparkVersion(workload.spark_version_text);
  if (named && *named != workload.versions.runtime) {
    text += " (for " + workload.spark_version_text + ")";
  }
  return text;
}

}  // namespace

std::string ExplainText(const Workload& workload, const Paint& paint) {
  std::string text = PodText(workload, workload.sizes.driver, true, paint) + "\n";
  const bool none = workload.sizes.executors.ok() && workload.sizes.executors->most() == 0;
  if (!none) text += PodText(workload, workload.sizes.executor, false, paint) + "\n";
  text += CountText(workload);
  text += "Spark version: " + VersionText(workload) + "\n";
  // What applications will ask of a cluster that stands, they bring themselves.
  if (workload.standing()) return text;
  const auto refusals =
      policy::StartupRefusals(workload.conf, workload.language, workload.versions);
  for (const policy::Refusal& refusal : refusals) {
    if (policy::PassesUnchecked(refusal.stage, workload)) continue;
    const bool refused = !refusal.message.ends_with(policy::kNotKnownHere);
    text += paint(Colour::kRed, refused ? "Spark would refuse to start" : "This cannot be told") +
            " (" + std::string(refusal.stage) +
            (refusal.setting.empty() ? "" : ", " + refusal.setting) + "):\n  " +
            Wrapped(refusal.message, "  ") + "\n";
  }
  return text;
}

}  // namespace ballast::webhook
