// EcsWriter: alerts in the field names of the Elastic Common Schema, one object a line; always valid JSON in UTF-8.
//
// Owns:    its working memory.
// Threads: one thread.
// Source:  docs/formats/ecs.md; ECS 8.11.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "output/alert_writer.h"

namespace gander::output {

class EcsWriter final : public AlertWriter {
 public:
  void begin(std::string&) override {}
  void alert(std::string& out, const model::Alert& alert) override;
  void end(std::string&) override {}

 private:
  // An end of a connection, or the account at it.
  struct Side {
    std::string_view key;
    std::string_view address;
    std::string_view port;
    std::string_view user;
  };

  void event(base::JsonBuilder& json, const model::Alert& alert);
  void rule(base::JsonBuilder& json, const model::RuleInfo& rule);
  void side(base::JsonBuilder& json, const Side& side);
  void user(base::JsonBuilder& json, const model::Event& event);
  void process(base::JsonBuilder& json, const model::Event& event);
  void host(base::JsonBuilder& json, const model::Event& event);
  void details(base::JsonBuilder& json, const model::Event& event);
  void related(base::JsonBuilder& json, const model::Event& event);
  void own(base::JsonBuilder& json, const model::Alert& alert);

  std::string id_;
};

}  // namespace gander::output
