// publish and unpublish.
#include "ctl/commands/commands.hpp"

#include "ctl/failure.hpp"
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
  // The id is whole on a terminal too: it is what people pass on.
  Table table({{"NAME"}, {"ID"}, {"SIZE", Column::number}, {"CHUNKS", Column::number}});
  Table plain({{"NAME"}, {"ID"}, {"SIZE"}, {"CHUNKS"}, {"CHUNK SIZE"}, {"PATH"}, {"TRACKERS"}});
  for (const Value& answer : answers) {
    const Cell name = text_cell(answer["name"]);
    const Cell id = text_cell(answer["id"]);
    const Cell size = size_cell(answer["size"]);
    Cell chunks = text_cell(answer["chunks"]);
    plain.row({name, id, size, chunks, size_cell(answer["chunk_size"]), text_cell(answer["path"]),
               text_cell(answer["trackers"])});
    chunks.text += chunks.plain == "1" ? " chunk" : " chunks";
    const Value& already = answer["already"];
    if (!already.is_null() && already.boolean()) chunks.text += ", as before";
    table.row({name, id, size, chunks});
  }
  return style.terminal ? table.drawn(style.unbounded(), false) : plain.drawn(style);
}

std::string render_unpublish(Answers answers, const Style& style) {
  const std::string name = text_of(answers.front()["name"]);
  const std::string id = text_of(answers.front()["id"]);
  if (style.terminal) return name + " (" + id + ") is offered no more; the file stays\n";
  return name + '\t' + id + '\n';
}

} // namespace p2pd::ctl
