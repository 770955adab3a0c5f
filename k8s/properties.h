// A Java properties file (spark.properties of a driver's ConfigMap, spark-defaults.conf), kept so
// that a change touches only the lines of the keys that change: every other byte stays as it was.
//
// Source: java.util.Properties.load and store. Spark trims what it reads; so does this.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/result.h"
#include "policy/spark_conf.h"

namespace ballast::k8s {

class Properties {
 public:
  // The error's `where` is "line N".
  static policy::Result<Properties> Parse(std::string_view text);

  // Of equal keys the last one counts, as in Java.
  std::optional<std::string_view> Get(std::string_view key) const;
  policy::SparkConf ToConf() const;

  // Replaces the value where the key stands (the last of equal ones), or adds a line at the end.
  void Set(std::string_view key, std::string_view value);
  // Takes away every line of the key.
  void Remove(std::string_view key);

  // The whole file. What was parsed and not changed prints byte for byte as it was.
  std::string Print() const;

 private:
  struct Line {
    std::string raw;     // with its line end; may be several lines of text (continuations)
    bool entry = false;  // false: a comment or a blank line
    std::string key;
    std::string value;
  };
  // Makes sure that what is added after this last line begins a line of its own.
  static void EndLine(Line& line);

  std::vector<Line> lines_;
};

// "key=value" as Properties.store writes it, without a line end.
std::string PrintProperty(std::string_view key, std::string_view value);

}  // namespace ballast::k8s
