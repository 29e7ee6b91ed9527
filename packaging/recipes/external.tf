# The values are in Terraform's state: keep that encrypted.
data "external" "database" {
  program = ["opx", "resolve", "--format", "json", "user=op://Work/db/user", "password=op://Work/db/password"]
}

output "user" {
  value     = data.external.database.result.user
  sensitive = true
}
