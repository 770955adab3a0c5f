#include <algorithm>
#include <optional>
#include <utility>

#include "k8s/kinds/pod_spec.h"
#include "k8s/patch.h"
#include "policy/quantity.h"

namespace ballast::k8s {
namespace {

// One amount of a container's resources; nullopt where it is not written, or cannot be read.
template <typename T>
std::optional<T> Amount(JsonView container, const std::string& pointer, std::string_view kind,
                        std::string_view resource, policy::Result<T> (*parse)(std::string_view),
                        Mistake& mistake) {
  const JsonView quantity = container["resources"][kind][resource];
  if (!quantity.exists() || quantity.is_null()) return std::nullopt;
  const auto parsed = parse(QuantityText(quantity));
  if (parsed.ok()) return *parsed;
  std::string where = pointer + "/resources/" + std::string(kind);
  AppendToken(where, resource);
  mistake.Add(std::move(where), parsed.error().what);
  return std::nullopt;
}

// Where only a limit is written, Kubernetes requests the limit.
template <typename T>
T Requested(const std::optional<T>& request, const std::optional<T>& limit) {
  return request ? *request : limit.value_or(T{});
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

std::string QuantityText(JsonView quantity) {
  if (const auto text = quantity.string()) return std::string(*text);
  return Quoted(quantity);
}

bool PodContainers::Remember(JsonView container, bool init) {
  return seen_
      .insert(
          {container["name"].string().value_or(""), container["image"].string().value_or(""), init})
      .second;
}

const policy::SideContainer& PodContainers::Keep(JsonView container, const std::string& pointer,
                                                 bool init) {
  policy::SideContainer side;
  side.name = container["name"].string().value_or("");
  side.init = init;
  side.restartable = init && container["restartPolicy"].string() == "Always";
  side.memory_request =
      Amount(container, pointer, "requests", "memory", policy::ParseMemoryQuantity, mistake_);
  side.memory_limit =
      Amount(container, pointer, "limits", "memory", policy::ParseMemoryQuantity, mistake_);
  side.cpu_request =
      Amount(container, pointer, "requests", "cpu", policy::ParseCpuQuantity, mistake_);
  side.cpu_limit = Amount(container, pointer, "limits", "cpu", policy::ParseCpuQuantity, mistake_);
  return extras_.containers.emplace_back(std::move(side));
}

void PodContainers::ReadSparkContainer(JsonView container, const std::string& pointer) {
  extras_.template_cpu_limit =
      Amount(container, pointer, "limits", "cpu", policy::ParseCpuQuantity, mistake_);
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
      spark_container_ = container;
      spark_pointer_ = at;
      ReadSparkContainer(container, at);
      return;
    }
    const policy::SideContainer& side = Keep(container, at, false);
    extras_.sidecar_memory += Requested(side.memory_request, side.memory_limit);
    extras_.sidecar_cpu += Requested(side.cpu_request, side.cpu_limit);
  });
}

void PodContainers::AddSidecars(JsonView containers, const std::string& pointer) {
  ForEachContainer(containers, pointer, mistake_, [&](JsonView container, const std::string& at) {
    if (!Remember(container, false)) return;
    const policy::SideContainer& side = Keep(container, at, false);
    extras_.sidecar_memory += Requested(side.memory_request, side.memory_limit);
    extras_.sidecar_cpu += Requested(side.cpu_request, side.cpu_limit);
  });
}

void PodContainers::AddInit(JsonView container, const std::string& pointer) {
  const policy::SideContainer& side = Keep(container, pointer, true);
  const policy::ByteSize memory = Requested(side.memory_request, side.memory_limit);
  const policy::MilliCpu cpu = Requested(side.cpu_request, side.cpu_limit);
  if (side.restartable) {
    restartable_memory_ += memory;
    restartable_cpu_ += cpu;
    return;
  }
  extras_.init_memory = std::max(extras_.init_memory, memory + restartable_memory_);
  extras_.init_cpu = std::max(extras_.init_cpu, cpu + restartable_cpu_);
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

policy::GivenPod PodContainers::ReadGiven() {
  const auto memory = [&](std::string_view kind) {
    return Amount(spark_container_, spark_pointer_, kind, "memory", policy::ParseMemoryQuantity,
                  mistake_);
  };
  const auto cpu = [&](std::string_view kind) {
    return Amount(spark_container_, spark_pointer_, kind, "cpu", policy::ParseCpuQuantity,
                  mistake_);
  };
  return {.memory_request = memory("requests"),
          .memory_limit = memory("limits"),
          .cpu_request = cpu("requests"),
          .cpu_limit = cpu("limits")};
}

policy::PodExtras PodContainers::Extras() const {
  policy::PodExtras extras = extras_;
  extras.sidecar_memory += restartable_memory_;
  extras.sidecar_cpu += restartable_cpu_;
  std::sort(extras.extended.begin(), extras.extended.end());
  return extras;
}

}  // namespace ballast::k8s
