// files and search: the whole catalog, or part of it.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

// The first publisher and the number of others; for scripts all known ones, separated by commas.
Cell publishers_cell(const Value& file) {
  const Value::Array& publishers = list_of(file["publishers"]);
  if (publishers.empty()) return text_cell(Value());
  Cell cell = text_cell(publishers.front()["name"]);
  for (std::size_t i = 1; i < publishers.size(); ++i)
    cell.plain += ',' + text_of(publishers[i]["name"]);
  const std::uint64_t total = natural_of(file["publishers_total"]).value_or(publishers.size());
  if (total > 1) cell.text += " +" + std::to_string(total - 1);
  return cell;
}

// `none`: the message for an empty list on a terminal.
std::string drawn(Answers answers, const Style& style, const char* none) {
  Table table({{"NAME"},
               {"SIZE", Column::number},
               {"CHUNKS", Column::number},
               {"ID", Column::id},
               {"SOURCES", Column::number},
               {"PARTIAL", Column::number},
               {"PUBLISHER"}});
  for (const Value& file : list_of(answers.front()["files"]))
    table.row({text_cell(file["name"]), size_cell(file["size"]), text_cell(file["chunks"]),
               text_cell(file["id"]), text_cell(file["sources"]), text_cell(file["partial"]),
               publishers_cell(file)});
  if (table.empty() && style.terminal) return none;
  return table.drawn(style);
}

} // namespace

std::string render_files(Answers answers, const Style& style) {
  return drawn(answers, style, "nothing is published\n");
}

std::string render_search(Answers answers, const Style& style) {
  return drawn(answers, style, "nothing that is published has such a name\n");
}

} // namespace p2pd::ctl
