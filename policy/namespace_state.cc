#include "policy/namespace_state.h"

#include "policy/quantity.h"

namespace ballast::policy {
namespace {

// "requests.memory" is of memory; so are hugepages, storage and storage of one class.
std::string_view LastPart(std::string_view resource) {
  for (const std::string_view prefix : {"requests.", "limits."}) {
    if (resource.starts_with(prefix)) return resource.substr(prefix.size());
  }
  return resource;
}

bool CountedInBytes(std::string_view resource) {
  const std::string_view last = LastPart(resource);
  return last == "memory" || last == "storage" || last == "ephemeral-storage" ||
         last.starts_with("hugepages-") || resource.ends_with("/requests.storage");
}

}  // namespace

bool CountedInThousandths(std::string_view resource) { return LastPart(resource) == "cpu"; }

Result<int64_t> ParseAmount(std::string_view resource, std::string_view text) {
  if (!CountedInThousandths(resource)) return ParseCountQuantity(text);
  const Result<MilliCpu> cpu = ParseCpuQuantity(text);
  if (!cpu) return cpu.error();
  return cpu->millis();
}

std::string PrintAmount(std::string_view resource, int64_t amount) {
  if (CountedInThousandths(resource)) return PrintCpuQuantity(Millis(amount));
  if (CountedInBytes(resource)) return PrintMemoryQuantity(Bytes(amount));
  return std::to_string(amount);
}

}  // namespace ballast::policy
