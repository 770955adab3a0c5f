#include "webhook/page/page_table.h"

#include <utility>

#include "webhook/page/html.h"

namespace ballast::webhook {

PageTable::PageTable(std::string_view caption, std::vector<std::string_view> columns,
                     size_t numbers)
    : caption_(Escaped(caption)), numbers_(numbers) {
  for (const std::string_view column : columns) columns_.push_back(Escaped(column));
}

void PageTable::Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::string PageTable::Print() const {
  const auto class_of = [&](size_t column) {
    return column + numbers_ >= columns_.size() ? R"( class="number")" : "";
  };
  std::string html = R"(<table role="table"><caption>)" + caption_ +
                     "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">";
  for (size_t i = 0; i < columns_.size(); ++i) {
    html += R"(<th role="columnheader" scope="col")" + std::string(class_of(i)) + ">" +
            columns_[i] + "</th>";
  }
  html += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const auto& row : rows_) {
    html += R"(<tr role="row"><th role="rowheader" scope="row">)" + row[0] + "</th>";
    for (size_t i = 1; i < row.size(); ++i) {
      html += R"(<td role="cell" data-label=")" + columns_[i] + "\"" + class_of(i) + ">" + row[i] +
              "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace ballast::webhook
