//! Holds client, reference service and the OpenAPI document together: every exchange between them can be
//! checked against `account-service.openapi.json`.

use serde_json::{Value, json};

/// The contract between desks and an insurer's account service.
pub struct Contract {
    document: Value,
}

/// Content type and body as they were sent.
pub type Message = (Option<String>, Vec<u8>);

/// Where an exchange and the contract differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation(pub String);

impl Contract {
    /// The committed document.
    ///
    /// # Errors
    /// When it isn't JSON.
    pub fn committed() -> anyhow::Result<Self> {
        let document = serde_json::from_str(include_str!("../account-service.openapi.json"))?;
        Ok(Self { document })
    }

    /// The document itself.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The ids of all operations, in the document's order.
    #[must_use]
    pub fn operations(&self) -> Vec<&str> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let members = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        members.filter_map(|(_, member)| member["operationId"].as_str()).collect()
    }

    /// Checks one exchange; the operation that it belongs to.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn check(
        &self,
        (method, path): (&str, &str),
        request: &Message,
        status: u16,
        response: &Message,
    ) -> Result<&str, Violation> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (item, id) = self.path_item(path).ok_or_else(|| Violation(format!("no such path: {path}")))?;
        let operation = &item[method.to_ascii_lowercase()];
        let Some(operation_id) = operation["operationId"].as_str() else {
            return Err(Violation(format!("no such method: {method} {path}")));
        };
        let within = |what: &str, Violation(found)| Violation(format!("{operation_id}, {what}: {found}"));

        if let Some(id) = id {
            let parameter = self.resolve(&item["parameters"][0]);
            self.valid(&parameter["schema"], &json!(id)).map_err(|found| within("path", found))?;
        }
        self.query(&operation["parameters"], query).map_err(|found| within("query", found))?;
        let body = self.resolve(&operation["requestBody"]);
        self.message(&body["content"], request).map_err(|found| within("request", found))?;
        let responses = &operation["responses"];
        let described = responses.get(status.to_string()).unwrap_or(&responses["default"]);
        self.message(&self.resolve(described)["content"], response)
            .map_err(|found| within(&format!("answer {status}"), found))?;
        Ok(operation_id)
    }

    /// The path item that fits a path, and the value of its parameter.
    fn path_item<'a>(&self, path: &'a str) -> Option<(&Value, Option<&'a str>)> {
        let paths = self.document["paths"].as_object()?;
        paths.iter().find_map(|(template, item)| {
            let Some((before, after)) = template.split_once("{id}") else {
                return (template == path).then_some((item, None));
            };
            let id = path.strip_prefix(before)?.strip_suffix(after)?;
            (!id.contains('/')).then_some((item, Some(id)))
        })
    }

    /// Whether a query has the parameters described, each once, and no others.
    fn query(&self, described: &Value, query: &str) -> Result<(), Violation> {
        let parameters = described.as_array().into_iter().flatten().map(|parameter| self.resolve(parameter));
        let mut parameters: Vec<_> = parameters.filter(|parameter| parameter["in"] == "query").collect();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = parameters.iter().position(|parameter| parameter["name"] == name);
            let place = place.ok_or_else(|| Violation(format!("{name} is unknown or there twice")))?;
            // A number, if it can be read as one.
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            self.valid(&parameters.swap_remove(place)["schema"], &value)?;
        }
        let missing = parameters.iter().find(|parameter| parameter["required"] == true);
        missing.map_or(Ok(()), |parameter| Err(Violation(format!("{} is missing", parameter["name"]))))
    }

    /// Whether a message is one of those described; none described means an empty one.
    fn message(&self, content: &Value, (content_type, body): &Message) -> Result<(), Violation> {
        if content.is_null() {
            let empty = body.is_empty();
            return empty.then_some(()).ok_or_else(|| Violation("a body where none belongs".to_owned()));
        }
        let content_type = content_type.as_deref().unwrap_or_default();
        let Some(described) = content.get(content_type) else {
            return Err(Violation(format!("content type {content_type:?}")));
        };
        let body = serde_json::from_slice(body).map_err(|_| Violation("no JSON".to_owned()))?;
        self.valid(&described["schema"], &body)
    }

    /// Whether a value fits a schema (JSON Schema 2020-12, formats included).
    fn valid(&self, schema: &Value, value: &Value) -> Result<(), Violation> {
        let rooted = json!({ "allOf": [schema], "components": self.document["components"] });
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&rooted)
            .map_err(|error| Violation(format!("schema: {error}")))?;
        validator.validate(value).map_err(|error| Violation(format!("{}: {error}", error.instance_path())))
    }

    /// What a reference within the document points to; anything else is itself.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.map_or(value, |pointer| self.document.pointer(pointer).unwrap_or(&Value::Null))
    }
}
