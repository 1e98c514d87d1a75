"""The official client's calls about clusters, departments and projects."""

from uuid import uuid4

from runai import models

from client import UNKNOWN_NUMBER, refused, refused_by_name


def test_clusters(automation):
    created = automation.clusters.create_cluster(models.ClusterCreationRequest(name="gpu-east"))
    assert created.status_code == 201
    cluster = created.data
    models.DisplayedCluster.model_validate(cluster)
    for answer in [
        automation.clusters.get_clusters(),
        automation.clusters.get_clusters(verbosity="metadata", include_requested_for_delete=False),
    ]:
        assert [it["uuid"] for it in answer.data] == [cluster["uuid"]]
        models.DisplayedCluster.model_validate(answer.data[0])
    found = automation.clusters.get_cluster_by_uuid(cluster["uuid"], verbosity="full").data
    assert (found["uuid"], found["name"]) == (cluster["uuid"], "gpu-east")
    renamed = models.ClusterUpdateRequest(name="gpu-north")
    assert automation.clusters.update_cluster(cluster["uuid"], renamed).status_code == 204
    assert automation.clusters.get_cluster_by_uuid(cluster["uuid"]).data["name"] == "gpu-north"
    with refused(404):
        automation.clusters.update_cluster(str(uuid4()), renamed)
    # It is empty but for its default department, which goes with it.
    assert automation.clusters.delete_cluster(cluster["uuid"]).status_code in (202, 204)
    with refused(404):
        automation.clusters.get_cluster_by_uuid(cluster["uuid"])
    with refused(404):
        automation.clusters.get_cluster_by_uuid(str(uuid4()))
    assert automation.clusters.get_clusters().data == []


def test_departments(automation):
    cluster = automation.create_cluster("gpu-east")
    created = automation.departments.create_department(
        models.DepartmentCreationRequest(
            name="R&D, vision @ lab?", clusterId=cluster["uuid"], description="sees", resources=[]
        )
    )
    assert created.status_code == 201
    department = created.data
    models.DepartmentForList.model_validate(department)
    assert (department["name"], department["description"]) == ("R&D, vision @ lab?", "sees")
    assert automation.departments.get_department(department["id"]).data["clusterId"] == cluster["uuid"]

    listed = automation.departments.get_departments(filter_by=["name==R&D, vision @ lab?"], verbosity="brief").data
    models.GetDepartments200Response.model_validate(listed)
    assert [it["id"] for it in listed["departments"]] == [department["id"]]
    assert automation.departments.get_departments(filter_by=["name==R&D"]).data["departments"] == []

    changed = automation.departments.update_department(
        department["id"], models.DepartmentUpdateRequest(description="hears", resources=[])
    )
    assert changed.status_code == 200
    models.DepartmentForList.model_validate(changed.data)
    assert (changed.data["name"], changed.data["description"]) == ("R&D, vision @ lab?", "hears")
    assert automation.departments.get_department(department["id"]).data == changed.data
    with refused(404):
        automation.departments.update_department(str(UNKNOWN_NUMBER), models.DepartmentUpdateRequest(resources=[]))

    with refused(409) as refusal:
        automation.create_department("R&D, vision @ lab?", cluster)
    assert "already exists" in refusal.value.data["message"]
    assert automation.departments.delete_department(department["id"]).status_code == 204
    with refused(404):
        automation.departments.get_department(department["id"])
    with refused(404):
        automation.departments.delete_department(str(UNKNOWN_NUMBER))


def test_projects(automation):
    cluster = automation.create_cluster("gpu-east")
    research = automation.create_department("research", cluster)
    created = automation.projects.create_project(
        models.ProjectCreationRequest(name="vision", clusterId=cluster["uuid"], parentId=research["id"], resources=[])
    )
    assert created.status_code == 201
    project = created.data
    shape = {"id", "name", "description", "clusterId", "parentId", "createdAt", "updatedAt", "totalResources"}
    shape |= {"resources", "enforceRunaiScheduler", "effective", "status"}
    assert set(project) >= shape
    models.ProjectEffective.model_validate(project["effective"])
    models.ProjectStatus.model_validate(project["status"])
    assert isinstance(project["id"], str)
    found = automation.projects.get_project(project["id"]).data
    assert (found["name"], found["parentId"], found["clusterId"]) == ("vision", research["id"], cluster["uuid"])

    changed = automation.projects.update_project(
        project["id"], models.ProjectUpdateRequest(description="sees", resources=[])
    )
    assert changed.status_code == 200
    assert (changed.data["name"], changed.data["description"]) == ("vision", "sees")
    assert set(changed.data) >= shape
    # What is left out stays.
    again = automation.projects.update_project(project["id"], models.ProjectUpdateRequest(resources=[])).data
    assert again["description"] == "sees"
    assert automation.projects.get_project(project["id"]).data == again
    with refused(404):
        automation.projects.update_project(str(UNKNOWN_NUMBER), models.ProjectUpdateRequest(resources=[]))

    with refused(409) as refusal:
        automation.create_project("vision", research)
    assert "already exists" in refusal.value.data["message"]
    assert automation.projects.delete_project(project["id"]).status_code == 204
    with refused(404):
        automation.projects.get_project(project["id"])
    # Numbers are never given twice.
    assert automation.create_project("vision", research)["id"] != project["id"]


def test_a_project_without_a_department_goes_to_the_default_one(automation):
    cluster = automation.create_cluster("gpu-east")
    project = automation.projects.create_project(
        models.ProjectCreationRequest(name="loose", clusterId=cluster["uuid"], resources=[])
    ).data
    parent = automation.departments.get_department(project["parentId"]).data
    assert parent["clusterId"] == cluster["uuid"]


def test_projects_are_filtered_ordered_searched_and_paged(automation, organisation):
    projects = automation.projects

    def listed(**parameters):
        return [project["name"] for project in projects.get_projects(**parameters).data["projects"]]

    assert listed(sort_by="name") == ["pricing", "speech", "vision"]
    assert listed(sort_by="name", sort_order="desc") == ["vision", "speech", "pricing"]
    assert listed(filter_by=["name=@i"], sort_by="name") == ["pricing", "vision"]
    assert listed(filter_by=[f"parentId=={organisation.research['id']}", "name!=vision"]) == ["speech"]
    assert listed(search="SPEE") == ["speech"]

    first = projects.get_projects(sort_by="name", limit=2).data
    assert [project["name"] for project in first["projects"]] == ["pricing", "speech"]
    last = projects.get_projects(sort_by="name", limit=2, offset=first["next"]).data
    assert [project["name"] for project in last["projects"]] == ["vision"]
    assert "next" not in last

    refused_by_name("shoeSize", lambda: projects.get_projects(filter_by=["shoeSize==42"]))
    refused_by_name("sortBy", lambda: projects.get_projects(sort_by="shoeSize"))
    refused_by_name("limit", lambda: projects.get_projects(limit=501))
    refused_by_name("limit", lambda: automation.departments.get_departments(limit=0))


def test_a_name_or_a_parent_that_makes_no_sense_is_refused(automation, organisation):
    with refused(400):
        automation.create_cluster("")
    for name in ["", "a/b", "line\nbreak", "x" * 256]:
        with refused(400):
            automation.create_department(name, organisation.cluster)
        with refused(400):
            automation.create_project(name, organisation.research)
    with refused(400, 404):
        automation.create_department("lost", {"uuid": str(uuid4())})
    with refused(400, 404):
        automation.create_project("lost", {"clusterId": organisation.cluster["uuid"], "id": str(UNKNOWN_NUMBER)})
    # A department of one cluster is no parent in another.
    other = automation.create_cluster("gpu-west")
    with refused(400, 404):
        automation.create_project("lost", {"clusterId": other["uuid"], "id": organisation.research["id"]})
    assert automation.names_of_projects() == ["pricing", "speech", "vision"]
