#include "webhook/server/capacity_id.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace ballast::webhook {
namespace {

// FNV-1a over numbers and texts, each with its length, so that no two lists run into one another.
class Digest {
 public:
  void Add(int64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      Byte(static_cast<uint8_t>(static_cast<uint64_t>(number) >> shift));
    }
  }
  void Add(std::string_view text) {
    Add(static_cast<int64_t>(text.size()));
    for (const char c : text) Byte(static_cast<uint8_t>(c));
  }
  uint64_t value() const { return value_; }

 private:
  void Byte(uint8_t byte) {
    value_ ^= byte;
    value_ *= 0x100000001b3;
  }
  uint64_t value_ = 0xcbf29ce484222325;
};

void AddClass(const policy::NodeClass& nodes, Digest& digest) {
  digest.Add(nodes.count);
  digest.Add(nodes.ready);
  digest.Add(nodes.allocatable.cpu.millis());
  digest.Add(nodes.allocatable.memory.bytes());
  digest.Add(nodes.allocatable.pods);
  digest.Add(static_cast<int64_t>(nodes.allocatable.extended.size()));
  for (const auto& [name, amount] : nodes.allocatable.extended) {
    digest.Add(name);
    digest.Add(amount);
  }
  digest.Add(static_cast<int64_t>(nodes.labels.size()));
  for (const auto& [key, value] : nodes.labels) {
    digest.Add(key);
    digest.Add(value);
  }
  digest.Add(static_cast<int64_t>(nodes.taints.size()));
  for (const policy::Taint& taint : nodes.taints) {
    digest.Add(taint.key);
    digest.Add(taint.value);
    digest.Add(taint.effect);
  }
}

}  // namespace

std::string CapacityId(const policy::ClusterCapacity& cluster) {
  if (!cluster.known) return "";
  // Classes come in the order in which their first nodes did, which differs between replicas.
  uint64_t sum = 0;
  for (const policy::NodeClass& nodes : cluster.classes) {
    Digest digest;
    AddClass(nodes, digest);
    sum += digest.value();
  }
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(sum));
  return text.data();
}

}  // namespace ballast::webhook
