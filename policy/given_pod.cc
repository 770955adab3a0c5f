#include "policy/given_pod.h"

#include <algorithm>

namespace ballast::policy {

PodShape ShapeOf(const GivenPod& given, ByteSize heap) {
  PodShape shape;
  shape.requested =
      given.memory_request ? *given.memory_request : given.memory_limit.value_or(ByteSize());
  shape.memory_limit = given.memory_limit;
  shape.heap = heap;
  shape.overhead = std::max(ByteSize(), *shape.requested - heap);
  shape.cpu = given.cpu_request ? *given.cpu_request : given.cpu_limit.value_or(MilliCpu());
  shape.cpu_limit = given.cpu_limit;
  shape.slots = given.slots;
  return shape;
}

}  // namespace ballast::policy
