// What a policy says about nodes: reserve, pools, sidecars (policy_yaml_types.h).
#include <algorithm>
#include <utility>

#include "policy/policy_values.h"
#include "policy/quantity.h"
#include "webhook/policy_file/policy_yaml_types.h"

namespace ballast::webhook {
namespace {

using policy::ByteSize;
using policy::MilliCpu;
using policy::NodeClass;
using policy::Result;

// What is taken away or added may be nothing.
Result<ByteSize> ReadSomeMemory(std::string_view text) {
  const Result<ByteSize> zero = policy::ParseMemoryQuantity(text);
  if (zero.ok() && zero->bytes() == 0) return ByteSize();
  return policy::ReadMemory(text);
}

Result<MilliCpu> ReadSomeCpu(std::string_view text) {
  const Result<MilliCpu> zero = policy::ParseCpuQuantity(text);
  if (zero.ok() && zero->millis() == 0) return MilliCpu();
  return policy::ReadCpu(text);
}

Result<double> ReadPercent(std::string_view text) {
  return policy::ReadNumber(text.ends_with('%') ? text.substr(0, text.size() - 1) : text, 100);
}

Result<int64_t> ReadThings(std::string_view text) {
  constexpr int64_t kMost = 1'000'000'000;
  return policy::ReadWhole(text, 0, kMost);
}

void ReadAllocatable(const YamlNode& node, const std::string& path, policy::Resources& room,
                     Mistakes& mistakes) {
  if (!ExpectMap(node, path, "{cpu, memory, pods}", mistakes)) return;
  CheckKeysOnce(node, path, mistakes);
  for (const std::string_view needed : {"cpu", "memory"}) {
    if (node.Find(needed) == nullptr) {
      mistakes.Add(node, path + " has no " + std::string(needed) + "; write cpu and memory");
    }
  }
  room.cpu = ValueOf(node, "cpu", path, "cores: 16", policy::ReadCpu, MilliCpu(), mistakes);
  room.memory =
      ValueOf(node, "memory", path, "memory: 64Gi", policy::ReadMemory, ByteSize(), mistakes);
  room.pods = ValueOf(node, "pods", path, "a number", ReadThings, room.pods, mistakes);
  for (const YamlNode& key : node.keys) {
    const std::string& name = key.text;
    if (name == "cpu" || name == "memory" || name == "pods") continue;
    // What Spark's pods never ask for by themselves may stand here and does not count.
    if (name == "ephemeral-storage" || name.starts_with("hugepages-")) continue;
    if (name.find('/') == std::string::npos) {
      static constexpr std::string_view kKnown[] = {"cpu", "memory", "pods", "vendor/resource"};
      mistakes.Add(key, path + "." + name + " is not known" + Suggestion(name, kKnown));
      continue;
    }
    room.extended[name] = ValueOf(node, name, path, "a number", ReadThings, int64_t{0}, mistakes);
  }
}

NodeClass ReadNodePool(const YamlNode& node, const std::string& path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"name", "count", "allocatable", "labels", "taints"};
  NodeClass pool;
  pool.declared = true;
  if (!ExpectMap(node, path, "{name, count, allocatable, labels, taints}", mistakes)) return pool;
  CheckKeys(node, path, kKeys, mistakes);
  for (const std::string_view needed : {"name", "count", "allocatable"}) {
    if (node.Find(needed) == nullptr) mistakes.Add(node, path + " has no " + std::string(needed));
  }
  pool.name = TextOf(node, "name", path, mistakes);
  pool.count = ValueOf(
      node, "count", path, "a number of nodes",
      [](std::string_view text) { return policy::ReadWhole(text, 1, 1'000'000); }, int64_t{1},
      mistakes);
  pool.ready = pool.count;
  if (const YamlNode* room = node.Find("allocatable")) {
    ReadAllocatable(*room, path + ".allocatable", pool.allocatable, mistakes);
  }
  if (const YamlNode* labels = node.Find("labels")) {
    pool.labels = ReadLabels(*labels, path + ".labels", mistakes);
  }
  if (const YamlNode* taints = node.Find("taints");
      taints != nullptr && ExpectList(*taints, path + ".taints", "a list of taints", mistakes)) {
    for (size_t i = 0; i < taints->values.size(); ++i) {
      pool.taints.push_back(ReadTaint(taints->values[i], Item(path + ".taints", i), mistakes));
    }
  }
  return pool;
}

}  // namespace

policy::PodExtras ReadSidecars(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"memory", "cpu"};
  policy::PodExtras extras;
  if (!ExpectMap(node, path, "{memory, cpu}", mistakes)) return extras;
  CheckKeys(node, path, kKeys, mistakes);
  extras.sidecar_memory =
      ValueOf(node, "memory", path, "memory: 512Mi", ReadSomeMemory, ByteSize(), mistakes);
  extras.sidecar_cpu = ValueOf(node, "cpu", path, "cores: 100m", ReadSomeCpu, MilliCpu(), mistakes);
  return extras;
}

policy::Reserve ReadReserve(const YamlNode& node, std::string_view path, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {"cpu", "memory", "percent"};
  policy::Reserve reserve;
  if (!ExpectMap(node, path, "{cpu, memory, percent}", mistakes)) return reserve;
  CheckKeys(node, path, kKeys, mistakes);
  reserve.cpu = ValueOf(node, "cpu", path, "cores: 500m", ReadSomeCpu, MilliCpu(), mistakes);
  reserve.memory =
      ValueOf(node, "memory", path, "memory: 1Gi", ReadSomeMemory, ByteSize(), mistakes);
  reserve.percent = ValueOf(node, "percent", path, "a percentage: 5", ReadPercent, 0.0, mistakes);
  return reserve;
}

std::vector<NodeClass> ReadNodePools(const YamlNode& node, std::string_view path,
                                     Mistakes& mistakes) {
  std::vector<NodeClass> pools;
  if (!ExpectList(node, path, "a list of pools", mistakes)) return pools;
  for (size_t i = 0; i < node.values.size(); ++i) {
    NodeClass pool = ReadNodePool(node.values[i], Item(path, i), mistakes);
    const bool twice = std::any_of(pools.begin(), pools.end(), [&](const NodeClass& other) {
      return !pool.name.empty() && other.name == pool.name;
    });
    if (twice)
      mistakes.Add(node.values[i], Item(path, i) + " is a second pool '" + pool.name + "'");
    pools.push_back(std::move(pool));
  }
  return pools;
}

}  // namespace ballast::webhook
