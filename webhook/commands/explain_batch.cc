#include "webhook/commands/explain_batch.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "k8s/json_text.h"
#include "policy/spark_settings.h"
#include "webhook/admission/review.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Language;
using policy::MemoryRegions;
using policy::PodShape;
using policy::Result;
using policy::SparkConf;
using policy::SparkVersion;

double Mebibytes(int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

json RegionsJson(const MemoryRegions& regions) {
  return {
      {"reservedMiB", Mebibytes(regions.reserved)},   {"usableMiB", Mebibytes(regions.usable)},
      {"unifiedMiB", Mebibytes(regions.unified)},     {"storageMiB", Mebibytes(regions.storage)},
      {"executionMiB", Mebibytes(regions.execution)}, {"userMiB", Mebibytes(regions.user)}};
}

// Regions of a heap of that many MiB; null where the memory manager refuses.
void AddRegions(const SparkConf& conf, const PodShape& shape, bool driver, SparkVersion version,
                json& pod) {
  const Result<MemoryRegions> regions =
      policy::RegionsOf(conf, shape.heap.bytes(), driver, version);
  pod["regions"] = nullptr;
  pod["perSlotMiB"] = nullptr;
  if (!regions.ok()) return;
  pod["regions"] = RegionsJson(*regions);
  pod["perSlotMiB"] =
      shape.slots > 0 ? Mebibytes(regions->unified) / static_cast<double>(shape.slots) : 0.0;
}

json PodJson(const PodShape& shape) {
  json pod = {{"heapMiB", shape.heap.mebibytes()},
              {"overheadMiB", shape.overhead.mebibytes()},
              {"offHeapMiB", shape.off_heap.mebibytes()},
              {"pysparkMiB", shape.pyspark.mebibytes()},
              {"memoryMiB", shape.memory().mebibytes()},
              {"cpuMillis", shape.cpu.millis()},
              {"cpuLimitMillis", nullptr},
              {"slots", shape.slots}};
  if (shape.cpu_limit) pod["cpuLimitMillis"] = shape.cpu_limit->millis();
  return pod;
}

// What a request says, or why it is none.
struct BatchRequest {
  Language language = Language::kJvm;
  SparkVersion version = policy::kNewestSpark;
  std::vector<std::pair<std::string, std::string>> settings;
  std::string mistake;
};

std::string ReadLanguage(const json& request, Language& language) {
  const auto type = request.find("type");
  if (type == request.end() || *type == "jvm") return {};
  if (*type == "python") {
    language = Language::kPython;
  } else if (*type == "r") {
    language = Language::kR;
  } else {
    return "type must be \"jvm\", \"python\" or \"r\"";
  }
  return {};
}

BatchRequest ReadRequest(const json& request) {
  BatchRequest read;
  read.mistake = ReadLanguage(request, read.language);
  const auto version = request.find("sparkVersion");
  if (version != request.end() && version->is_string()) {
    const auto parsed = policy::ParseSparkVersion(version->get_ref<const std::string&>());
    if (parsed.ok()) read.version = policy::NearestKnown(*parsed);
  }
  const auto conf = request.find("conf");
  if (conf == request.end()) return read;
  if (!conf->is_object()) {
    read.mistake = "conf must be an object of settings";
    return read;
  }
  for (const auto& [key, value] : conf->items()) {
    if (value.is_null()) continue;
    read.settings.emplace_back(key, k8s::TextOrJson(value));
  }
  return read;
}

json Answer(const json& request) {
  const json id = request.value("id", json());
  const BatchRequest read = ReadRequest(request);
  if (!read.mistake.empty()) return {{"id", id}, {"error", read.mistake}};
  std::vector<std::pair<std::string_view, std::string_view>> entries(read.settings.begin(),
                                                                     read.settings.end());
  policy::Workload workload;
  workload.conf = SparkConf(std::move(entries));
  workload.language = read.language;
  workload.versions = {read.version, read.version};
  policy::Derive(workload);
  json answer = ExplainSizes(workload);
  answer["id"] = id;
  answer["refusals"] = json::array();
  for (const policy::Refusal& refusal :
       StartupRefusals(workload.conf, read.language, workload.versions)) {
    answer["refusals"].push_back(
        {{"stage", refusal.stage}, {"setting", refusal.setting}, {"message", refusal.message}});
    // A pod that is refused for another reason than its size is not made, either.
    if (refusal.stage == "driver" || refusal.stage == "executor") answer[refusal.stage] = nullptr;
  }
  return answer;
}

}  // namespace

json ExplainSizes(const policy::Workload& workload) {
  json sizes = {{"driver", nullptr}, {"executor", nullptr}};
  const auto add = [&](const policy::Result<policy::PodShape>& shape, bool driver) {
    if (!shape.ok()) return;
    json& pod = sizes[driver ? "driver" : "executor"];
    pod = PodJson(*shape);
    if (workload.standing()) {
      pod["regions"] = nullptr;
      pod["perSlotMiB"] = nullptr;
    } else {
      AddRegions(workload.conf, *shape, driver, workload.versions.runtime, pod);
    }
  };
  add(workload.sizes.driver, true);
  add(workload.sizes.executor, false);
  return sizes;
}

std::string ExplainBatchLine(std::string_view line) {
  const policy::Result<json> request = ReadBoundedJson(line);
  const json answer = request.ok() && request->is_object()
                          ? Answer(*request)
                          : json{{"id", nullptr}, {"error", "the line is no JSON object"}};
  return k8s::PrintJson(answer);
}

}  // namespace ballast::webhook
