// What this process uses, and the limits it sets itself. Linux.
#pragma once

#include <cstdint>

namespace ballast::webhook {

struct ProcessUsage {
  int64_t resident_bytes = 0;
  double cpu_seconds = 0;  // user and system, of all threads
};
ProcessUsage CurrentUsage();

// As many open files as the system lets this process have: each connection is one.
void RaiseFileLimit();

// Tells the allocator to give memory back: a server that once read large bodies must not stay
// large. To be called before threads are started.
void KeepMemorySmall();

}  // namespace ballast::webhook
