#include "k8s/nodes.h"

#include <fstream>
#include <utility>

#include "k8s/manifest_reader.h"
#include "k8s/node_collector.h"

namespace ballast::k8s {

policy::Result<policy::ClusterCapacity> ReadNodes(std::istream& input, const std::string& name) {
  NodeCollector collector(name);
  std::string start(256, '\0');
  input.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<size_t>(input.gcount()));
  input.clear();
  input.seekg(0);
  if (!input) return policy::Error{name, "cannot be read twice: give a file, not a pipe"};
  if (LooksLikeJson(start)) {
    ReadNodesJson(input, collector);
  } else {
    ReadNodesYaml(input, collector);
  }
  return std::move(collector).Take();
}

policy::Result<policy::ClusterCapacity> ReadNodesFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return policy::Error{path, "cannot be read"};
  return ReadNodes(file, path);
}

}  // namespace ballast::k8s
