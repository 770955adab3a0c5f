// Kubernetes quantities: whatever is read is printed so that it is read back the same, and the
// reader of whole bytes and that of thousandths agree on what is a quantity.
#include "policy/quantity.h"
#include "tests/fuzz/fuzz.h"

using ballast::policy::ParseCountQuantity;
using ballast::policy::ParseCpuQuantity;
using ballast::policy::ParseMemoryQuantity;
using ballast::policy::PrintCpuQuantity;
using ballast::policy::PrintMemoryQuantity;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = ballast::fuzz::AsText(data, size);
  const auto memory = ParseMemoryQuantity(text);
  const auto cpu = ParseCpuQuantity(text);
  const auto count = ParseCountQuantity(text);
  FUZZ_LAW(memory.ok() == cpu.ok());
  FUZZ_LAW(memory.ok() == count.ok());
  if (!memory.ok()) {
    FUZZ_LAW(!memory.error().what.empty());
    return 0;
  }

  FUZZ_LAW(memory->bytes() == *count);
  const auto memory_again = ParseMemoryQuantity(PrintMemoryQuantity(*memory));
  FUZZ_LAW(memory_again.ok());
  FUZZ_LAW(*memory_again == *memory);
  const auto cpu_again = ParseCpuQuantity(PrintCpuQuantity(*cpu));
  FUZZ_LAW(cpu_again.ok());
  FUZZ_LAW(*cpu_again == *cpu);
  return 0;
}
