// publish and unpublish.
#include "ctl/commands/commands.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/render/lines.hpp"
#include "ctl/render/table.hpp"

namespace p2pd::ctl {

using proto::Value;

// A folder is published under its own name, which stands before the "/" that a shell's completion
// leaves behind it.
void prepare_publish(std::vector<Value>& requests) {
  for (Value& request : requests) {
    if (requests.size() > 1 && !request["name"].is_null())
      throw Failure(proto::ExitCode::usage, "--name is one name for several files",
                    "publish them one by one, or without --name");
    std::string path = request["path"].text();
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    request.set("path", Value::name(path));
  }
}

Aftermath aftermath_of_publish(const Value::Array&) {
  return {"the daemon goes on and publishes it",
          "\"p2pctl files\" shows it then, \"p2pctl unpublish\" takes it back"};
}

std::string render_publish(Answers answers, const Style& style) {
  if (!style.terminal)
    return plain_lines(result_of("publish"),
                       {"name", "id", "size", "chunks", "chunk_size", "path", "trackers"}, answers);
  // The id is whole on a terminal too: it is what people pass on.
  Table table({{"NAME"}, {"ID"}, {"SIZE", Column::number}, {"CHUNKS", Column::number}});
  for (const Value& answer : answers) {
    Cell chunks = text_cell(answer["chunks"]);
    chunks.text += chunks.plain == "1" ? " chunk" : " chunks";
    const Value& already = answer["already"];
    if (!already.is_null() && already.boolean()) chunks.text += ", as before";
    table.row(
        {text_cell(answer["name"]), text_cell(answer["id"]), size_cell(answer["size"]), chunks});
  }
  return table.drawn(style.unbounded(), false);
}

std::string render_unpublish(Answers answers, const Style& style) {
  if (!style.terminal) return plain_lines(result_of("unpublish"), {"name", "id"}, answers);
  return text_of(answers.front()["name"]) + " (" + text_of(answers.front()["id"]) +
         ") is offered no more; the file stays\n";
}

} // namespace p2pd::ctl
