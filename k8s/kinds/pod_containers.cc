#include <algorithm>
#include <utility>

#include "k8s/kinds/pod_spec.h"
#include "k8s/patch.h"
#include "policy/quantity.h"

namespace ballast::k8s {
namespace {

struct Requests {
  policy::ByteSize memory;
  policy::MilliCpu cpu;
};

// A quantity as JSON holds it: text, or a number.
std::string QuantityText(JsonView quantity) {
  if (const auto text = quantity.string()) return std::string(*text);
  return Quoted(quantity);
}

// The request of a container for one resource: where only a limit is written, Kubernetes requests
// the limit.
template <typename T>
T RequestOf(JsonView container, const std::string& pointer, std::string_view resource,
            policy::Result<T> (*parse)(std::string_view), Mistake& mistake) {
  for (const std::string_view kind : {"requests", "limits"}) {
    const JsonView quantity = container["resources"][kind][resource];
    if (!quantity.exists() || quantity.is_null()) continue;
    const auto parsed = parse(QuantityText(quantity));
    if (parsed.ok()) return *parsed;
    std::string where = pointer + "/resources/" + std::string(kind);
    AppendToken(where, resource);
    mistake.Add(std::move(where), parsed.error().what);
  }
  return T{};
}

Requests RequestsOf(JsonView container, const std::string& pointer, Mistake& mistake) {
  return {
      RequestOf<policy::ByteSize>(container, pointer, "memory", policy::ParseMemoryQuantity,
                                  mistake),
      RequestOf<policy::MilliCpu>(container, pointer, "cpu", policy::ParseCpuQuantity, mistake)};
}

// Visits the elements with the pointer of each.
template <typename Visit>
void ForEachContainer(JsonView list, const std::string& pointer, Mistake& mistake, Visit visit) {
  if (!list.exists() || list.is_null()) return;
  if (!list.is_array()) {
    mistake.Add(pointer, "must be a list of containers, not " + Quoted(list));
    return;
  }
  size_t index = 0;
  list.ForEachElement(
      [&](JsonView element) { visit(element, pointer + "/" + std::to_string(index++)); });
}

bool NamesNoDomain(std::string_view resource) {
  return resource.find('/') == std::string_view::npos;
}

}  // namespace

bool PodContainers::Remember(JsonView container, bool init) {
  return seen_
      .insert(
          {container["name"].string().value_or(""), container["image"].string().value_or(""), init})
      .second;
}

void PodContainers::ReadSparkContainer(JsonView container, const std::string& pointer) {
  for (const std::string_view kind : {"requests", "limits"}) {
    container["resources"][kind].ForEachMember([&](std::string_view name, JsonView quantity) {
      if (NamesNoDomain(name)) return;  // cpu, memory, ephemeral-storage, hugepages
      const auto count = policy::ParseCountQuantity(QuantityText(quantity));
      if (count.ok()) {
        SetExtended(name, *count, pointer + "/resources");
        return;
      }
      std::string where = pointer + "/resources/" + std::string(kind);
      AppendToken(where, name);
      mistake_.Add(std::move(where), count.error().what);
    });
  }
}

void PodContainers::AddTemplate(JsonView containers, const std::string& pointer,
                                std::string_view spark_name) {
  size_t spark_index = 0;
  size_t index = 0;
  containers.ForEachElement([&](JsonView container) {
    if (container["name"].string() == spark_name) spark_index = index;
    ++index;
  });
  index = 0;
  ForEachContainer(containers, pointer, mistake_, [&](JsonView container, const std::string& at) {
    Remember(container, false);
    if (index++ == spark_index) {
      ReadSparkContainer(container, at);
      return;
    }
    const Requests requests = RequestsOf(container, at, mistake_);
    extras_.sidecar_memory += requests.memory;
    extras_.sidecar_cpu += requests.cpu;
  });
}

void PodContainers::AddSidecars(JsonView containers, const std::string& pointer) {
  ForEachContainer(containers, pointer, mistake_, [&](JsonView container, const std::string& at) {
    if (!Remember(container, false)) return;
    const Requests requests = RequestsOf(container, at, mistake_);
    extras_.sidecar_memory += requests.memory;
    extras_.sidecar_cpu += requests.cpu;
  });
}

void PodContainers::AddInit(JsonView container, const std::string& pointer) {
  const Requests requests = RequestsOf(container, pointer, mistake_);
  if (container["restartPolicy"].string() == "Always") {
    restartable_memory_ += requests.memory;
    restartable_cpu_ += requests.cpu;
    return;
  }
  extras_.init_memory = std::max(extras_.init_memory, requests.memory + restartable_memory_);
  extras_.init_cpu = std::max(extras_.init_cpu, requests.cpu + restartable_cpu_);
}

void PodContainers::AddInitContainers(JsonView containers, const std::string& pointer) {
  ForEachContainer(containers, pointer, mistake_, [&](JsonView container, const std::string& at) {
    if (Remember(container, true)) AddInit(container, at);
  });
}

void PodContainers::SetExtended(std::string_view name, int64_t quantity,
                                const std::string& pointer) {
  for (auto& [known, count] : extras_.extended) {
    if (known == name) {
      count = quantity;
      return;
    }
  }
  // Every one of them costs a look at every class of nodes.
  constexpr size_t kMostResources = 64;
  if (extras_.extended.size() == kMostResources) {
    mistake_.Add(pointer, "must not ask for more than 64 extended resources");
    return;
  }
  extras_.extended.emplace_back(name, quantity);
}

policy::PodExtras PodContainers::Extras() const {
  policy::PodExtras extras = extras_;
  extras.sidecar_memory += restartable_memory_;
  extras.sidecar_cpu += restartable_cpu_;
  std::sort(extras.extended.begin(), extras.extended.end());
  return extras;
}

}  // namespace ballast::k8s
