#include "tests/webhook/commands/spark_vectors.h"

#include <cmath>
#include <fstream>
#include <map>
#include <utility>

#include "k8s/json_text.h"
#include "policy/quantity.h"
#include "policy/spark_memory.h"
#include "policy/spark_settings.h"
#include "webhook/commands/explain_batch.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::ByteUnit;
using policy::Result;
using policy::SparkConf;
using policy::SparkVersion;

constexpr const char* kSections[] = {"submitArgs", "driver",   "driverXmx",  "validateSettings",
                                     "taskSlots",  "kryo",     "rpc",        "ummDriver",
                                     "dynAlloc",   "executor", "ummExecutor"};
constexpr const char* kVersions[] = {"3.3.4", "3.4.4", "3.5.9", "4.0.2", "4.1.4", "4.2.1", "4.3.0"};

// A result as the compact copy writes it: the value, or null for a refusal.
json ValueOf(const json& result) {
  if (!result.is_object()) return result;
  return result.contains("value") ? result["value"] : json();
}

json Compact(const json& section) {
  if (section.is_object() && section.contains("ok") && section["ok"] == false) return false;
  json compact = section;
  if (section.is_object() && section.contains("env") &&
      section["env"].contains("SPARK_EXECUTOR_MEMORY")) {
    compact["heap"] = section["env"]["SPARK_EXECUTOR_MEMORY"];
  }
  return compact;
}

SparkVersion VersionOf(const SparkVector& vector) {
  return policy::ParseSparkVersion(vector.version).value();
}

SparkConf ConfOf(const json& conf) {
  std::vector<std::pair<std::string_view, std::string_view>> entries;
  for (const auto& [key, value] : conf.items()) {
    entries.emplace_back(key, value.get_ref<const std::string&>());
  }
  return SparkConf(std::move(entries));
}

// Collects what differs.
class Differences {
 public:
  void Expect(bool holds, const std::string& what) {
    if (!holds) text_ += what + "; ";
  }
  void ExpectEqual(const std::string& what, const json& want, const json& got) {
    Expect(want == got, what + ": want " + k8s::PrintJson(want) + ", got " + k8s::PrintJson(got));
  }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

// A quantity of cpu in thousandths; one that Kubernetes cannot read counts as nothing.
json Millis(const json& section, const char* key) {
  if (!section.contains(key) || section[key].is_null()) return nullptr;
  const auto quantity = policy::ParseCpuQuantity(section[key].get_ref<const std::string&>());
  return quantity.ok() ? quantity->millis() : 0;
}

void JudgePod(const json& want, const json& got, const std::string& name, Differences& wrong) {
  if (got.is_null()) return wrong.Expect(false, name + " is null");
  wrong.ExpectEqual(name + " memory", want["memRequest"],
                    std::to_string(got["memoryMiB"].get<int64_t>()) + "Mi");
  wrong.ExpectEqual(name + " cpu", Millis(want, "cpuRequest"), got["cpuMillis"]);
  wrong.ExpectEqual(name + " cpu limit", Millis(want, "cpuLimit"), got["cpuLimitMillis"]);
  if (want.contains("heap")) {
    wrong.ExpectEqual(name + " heap", want["heap"],
                      std::to_string(got["heapMiB"].get<int64_t>()) + "m");
  }
}

void JudgeRegions(const json& want, const json& pod, const std::string& name, Differences& wrong) {
  if (pod.is_null()) return;
  const json& regions = pod["regions"];
  if (regions.is_null()) return wrong.Expect(false, name + " has no regions");
  const auto near = [&](const char* key, const char* field) {
    const double bytes = regions[key].get<double>() * (1 << 20);
    const auto exact = want[field].get<double>();
    wrong.Expect(std::fabs(bytes - exact) <= exact * 1e-15, name + "." + key);
  };
  near("unifiedMiB", "maxHeapMemory");
  near("storageMiB", "storageRegion");
}

// -- values --

void JudgeSize(const json& row, SparkVersion version, Differences& wrong) {
  const std::string text = row["in"].get<std::string>();
  const auto check = [&](const char* key, const Result<int64_t>& got) {
    if (row.contains(key)) {
      wrong.ExpectEqual(text + " " + key, ValueOf(row[key]), got.ok() ? json(*got) : json());
    }
  };
  check("byteStringAsBytes", ByteStringAs(text, ByteUnit::kByte, version));
  check("byteStringAsKb", ByteStringAs(text, ByteUnit::kKiB, version));
  check("byteStringAsMb", ByteStringAs(text, ByteUnit::kMiB, version));
  check("byteStringAsGb", ByteStringAs(text, ByteUnit::kGiB, version));
  // These three were read through entries of their own units, the second of which takes no
  // negative.
  const auto through = [&](std::string_view setting) {
    const SparkConf conf{{setting, text}};
    const auto read = ReadOptionalInteger(conf, setting, version);
    return read.ok() ? Result<int64_t>(read->value()) : Result<int64_t>(read.error());
  };
  check("bytesConfMiB", through("spark.executor.memory"));
  check("bytesConfB", through("spark.memory.offHeap.size"));
  check("bytesConfKiB", through("spark.kryoserializer.buffer"));
  check("timeStringAsMs", TimeStringAs(text, policy::TimeUnit::kMillis));
  check("timeStringAsSec", TimeStringAs(text, policy::TimeUnit::kSeconds));
}

// Spark prints a list as "ArrayBuffer(a, b)", with a name that differs by version; here "a,b".
json WithoutListName(const json& want) {
  if (!want.is_string()) return want;
  std::string text = want.get<std::string>();
  if (!text.starts_with("Array") || !text.ends_with(")")) return want;
  text = text.substr(text.find('(') + 1);
  text.pop_back();
  for (size_t at = 0; (at = text.find(", ", at)) != std::string::npos;) text.erase(at + 1, 1);
  return text;
}

// A value as SparkConf.get prints it, null for a refusal.
json ReadEntry(const SparkConf& conf, const policy::Setting& setting, SparkVersion version) {
  if (setting.type == policy::SettingType::kText) {
    const auto text = ReadText(conf, setting, version);
    return text.ok() && text->has_value() ? json(**text) : json();
  }
  if (setting.type == policy::SettingType::kDouble) {
    const auto number = ReadDouble(conf, setting, version);
    if (!number.ok()) return nullptr;
    if (!std::isfinite(*number)) return policy::PrintJavaDouble(*number);
    return *number;
  }
  const auto number = ReadOptionalInteger(conf, setting, version);
  if (!number.ok() || !number->has_value()) return nullptr;
  if (setting.type == policy::SettingType::kBoolean) return **number != 0;
  if (setting.type != policy::SettingType::kDecimal) return **number;
  constexpr int64_t kBillion = 1'000'000'000;
  if (version < SparkVersion{4, 3}) return **number / kBillion;
  return std::to_string(**number / kBillion) + "." +
         std::to_string(kBillion + **number % kBillion).substr(1);
}

void JudgeEntries(const json& entries, const SparkConf& conf, SparkVersion version,
                  Differences& wrong) {
  for (const auto& [key, want] : entries.items()) {
    const policy::Setting* setting = policy::FindSetting(key);
    if (setting == nullptr || version < setting->since) {
      wrong.Expect(want.is_null(), key + " is unknown to us");
      continue;
    }
    wrong.ExpectEqual(key, WithoutListName(ValueOf(want)), ReadEntry(conf, *setting, version));
  }
}

void JudgeSystemMemory(const SparkVector& vector, const char* section, const char* side,
                       Differences& wrong) {
  if (!vector.sections.contains(section)) return;
  const json& want = vector.sections[section];
  const auto regions =
      policy::RegionsOf(ConfOf(vector.conf), vector.system_memory[side].get<int64_t>(),
                        std::string_view(side) == "driver", VersionOf(vector));
  if (want == false || !regions.ok()) {
    return wrong.Expect((want == false) == !regions.ok(), section);
  }
  wrong.ExpectEqual(section, want["systemMemory"], regions->system);
  wrong.ExpectEqual(section, want["maxHeapMemory"], regions->unified);
  wrong.ExpectEqual(section, want["storageRegion"], regions->storage);
  wrong.ExpectEqual(section, want["maxOffHeapMemory"], regions->off_heap);
  wrong.ExpectEqual(section, want["offHeapStorageMemory"], regions->off_heap_storage);
}

// What a case says under one version, laid over the sections of an empty configuration.
json Sections(const json& expect, const json& defaults, const std::string& type) {
  json sections = expect.contains("parse") || expect.contains("parseTime") || defaults.is_null()
                      ? json::object()
                      : defaults[type];
  for (const auto& [name, section] : expect.items()) sections[name] = Compact(section);
  for (const json& name : expect.value("absent", json::array())) {
    sections.erase(name.get<std::string>());
  }
  return sections;
}

}  // namespace

std::vector<SparkVector> ReadSparkVectors(const std::string& path) {
  std::vector<SparkVector> vectors;
  std::ifstream file(path);
  json defaults;
  for (std::string line; std::getline(file, line);) {
    const json one = k8s::ParseJson(line);
    if (one.contains("defaults")) {
      defaults = one["defaults"];
      continue;
    }
    SparkVector vector{
        one["id"], one.value("type", "jvm"), {}, one.value("conf", json::object()), {}, {}};
    if (one.contains("systemMemoryDriver")) {
      vector.system_memory = {{"driver", one["systemMemoryDriver"]},
                              {"executor", one["systemMemoryExecutor"]}};
    }
    for (const json& result : one["results"]) {
      const json versions = result["spark"] == "all" ? json(kVersions) : result["spark"];
      vector.sections = Sections(result["expect"], defaults, vector.type);
      for (const json& version : versions) {
        vector.version = version;
        vectors.push_back(vector);
      }
    }
  }
  return vectors;
}

std::string JudgeSections(const SparkVector& vector) {
  const json request = {{"id", vector.id},
                        {"type", vector.type},
                        {"sparkVersion", vector.version},
                        {"conf", vector.conf}};
  const json answer = k8s::ParseJson(ExplainBatchLine(k8s::PrintJson(request)));
  std::map<std::string, std::string> refused;
  for (const json& refusal : answer["refusals"]) refused[refusal["stage"]] = refusal["message"];
  Differences wrong;
  for (const std::string name : kSections) {
    if (!vector.sections.contains(name)) {
      wrong.Expect(!refused.contains(name), "refused though absent: " + name);
      continue;
    }
    const json& want = vector.sections[name];
    const bool of_memory = name.starts_with("umm");
    if (of_memory && !vector.system_memory.is_null()) continue;
    if ((want == false) != refused.contains(name)) {
      wrong.Expect(
          false, name + (want == false ? " must be refused" : " must pass, but: " + refused[name]));
      continue;
    }
    if (want == false) {
      if (name == "driver" || name == "executor") wrong.ExpectEqual(name, nullptr, answer[name]);
      continue;
    }
    if (name == "driver" || name == "executor") JudgePod(want, answer[name], name, wrong);
    if (of_memory) {
      JudgeRegions(want, answer[name == "ummDriver" ? "driver" : "executor"], name, wrong);
    }
    if (name == "taskSlots" && !answer["executor"].is_null()) {
      wrong.ExpectEqual("slots", want["maxTasksPerExecutor"], answer["executor"]["slots"]);
    }
  }
  return wrong.text();
}

std::string JudgeValues(const SparkVector& vector) {
  Differences wrong;
  for (const char* kind : {"parse", "parseTime"}) {
    for (const json& row : vector.sections.value(kind, json::array())) {
      JudgeSize(row, VersionOf(vector), wrong);
    }
  }
  if (vector.sections.contains("entries")) {
    JudgeEntries(vector.sections["entries"], ConfOf(vector.conf), VersionOf(vector), wrong);
  }
  if (!vector.system_memory.is_null()) {
    JudgeSystemMemory(vector, "ummDriver", "driver", wrong);
    JudgeSystemMemory(vector, "ummExecutor", "executor", wrong);
  }
  return wrong.text();
}

}  // namespace ballast::webhook
