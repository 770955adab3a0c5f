// A table of the page: a caption, headers with their scope, and roles said besides, since a narrow
// screen shows rows as blocks, which some browsers then no longer tell as a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::webhook {

class PageTable {
 public:
  // Texts of ours; `numbers` columns from the right on are numbers.
  PageTable(std::string_view caption, std::vector<std::string_view> columns, size_t numbers = 0);
  // Cells are HTML already; the first heads the row.
  void Add(std::vector<std::string> cells);
  std::string Print() const;

 private:
  std::string caption_;
  std::vector<std::string> columns_;
  size_t numbers_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace ballast::webhook
