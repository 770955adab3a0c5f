// Reads files of Spark vectors, the compact copy in tests/testdata and the originals alike, and
// holds the program against them. See tests/testdata/vectors/README.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ballast::webhook {

// One configuration under one version, with what Spark made of it. A section is false where Spark
// refused, and absent where nothing is known.
struct SparkVector {
  std::string id;
  std::string type;
  std::string version;
  nlohmann::json conf;
  nlohmann::json sections;
  nlohmann::json system_memory;  // {"driver","executor"} in bytes where the case sets it, else null
};

// All cases of a file, each once for each version.
std::vector<SparkVector> ReadSparkVectors(const std::string& path);

// What is wrong with the answer of explain --batch to this case; empty when all sections hold.
std::string JudgeSections(const SparkVector& vector);
// What is wrong with the parts of which that answer has no field: parse, parseTime, entries, and
// memory managers with a system memory of their own.
std::string JudgeValues(const SparkVector& vector);

}  // namespace ballast::webhook
