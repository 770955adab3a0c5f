// Lists of nodes as kubectl prints them, of any length: few kinds of node, each with a name, a
// host name and an address of its own.
#pragma once

#include <cstddef>
#include <filesystem>

namespace ballast::bench {

enum class NodeFile {
  kShortYaml,  // what Ballast reads of a node and little more, some 300 bytes each
  kFullYaml,   // all that `kubectl get nodes -o yaml` prints, some 5 KB each
  kFullJson,
};

// Returns the file's size in bytes.
size_t WriteNodes(const std::filesystem::path& file, NodeFile kind, size_t count);

}  // namespace ballast::bench
